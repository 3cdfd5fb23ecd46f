package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.ProcessControl;
import dev.berth.host.ProcessControl.Liveness;
import dev.berth.host.Signal;
import dev.berth.host.SignalResult;
import dev.berth.model.ProcessRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fallback of kernels without pidfds. */
class KillPinTest extends RealProcessControlContract {
    @Override
    protected ProcessControl create() throws Exception {
        return new PidfdProcessControl(files, KillPin.over(files), () -> {});
    }

    @Test
    void aPidThatPassedOnBetweenLookAndSignalIsNotSignalled(@TempDir Path proc) throws Exception {
        // A /proc of our own, in which the pid of a real process changes hands at the worst moment.
        ProcessRef newcomer = startObedient();
        Path stat = Files.createDirectories(proc.resolve(Long.toString(newcomer.pid())))
                .resolve("stat");
        Files.createDirectories(proc.resolve("sys/kernel/random"));
        Files.writeString(proc.resolve("sys/kernel/random/boot_id"), newcomer.bootId());
        write(stat, newcomer.pid(), 100);
        ProcFiles fake = new ProcFiles(proc);
        Runnable passOn = () -> write(stat, newcomer.pid(), 101);

        try (ProcessControl control = new PidfdProcessControl(fake, KillPin.over(fake), passOn)) {
            SignalResult result =
                    control.signal(new ProcessRef(newcomer.pid(), 100, newcomer.bootId()), Set.of(), Signal.SIGKILL);

            assertThat(result).isEqualTo(new SignalResult.Gone());
        }
        assertThat(control().liveness(newcomer)).isEqualTo(Liveness.ALIVE);
    }

    private static void write(Path stat, long pid, long startTicks) {
        try {
            Files.writeString(
                    stat, pid + " (victim) S 2 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " + startTicks + " 0 0 0 0 0 0\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
