package dev.berth.host.portable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.ProcessControl;
import dev.berth.host.ProcessControl.Liveness;
import dev.berth.host.ProcessControlContract;
import dev.berth.host.Signal;
import dev.berth.host.SignalResult;
import dev.berth.model.ProcessRef;
import dev.berth.testing.Children;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import oshi.SystemInfo;

class PortableProcessControlTest extends ProcessControlContract {
    private final Children children = new Children();

    @Override
    protected ProcessControl create() {
        return new PortableProcessControl();
    }

    @Override
    protected ProcessRef startObedient() {
        return ref(children.start(Children.IDLE).toHandle());
    }

    @Override
    protected ProcessRef startStubborn() {
        return ref(children.startReady(Children.STUBBORN).process().toHandle());
    }

    @Override
    protected ProcessRef init() {
        return new ProcessRef(1, 0, PortableProcesses.EPOCH);
    }

    @Override
    protected ProcessRef self() {
        return ref(ProcessHandle.current());
    }

    @AfterEach
    void endChildren() {
        children.close();
    }

    @Test
    void whatItCannotDoItSays() {
        ProcessRef process = startObedient();

        assertThat(control().signal(process, Set.of(), Signal.SIGHUP)).isInstanceOf(SignalResult.Failed.class);
        assertThat(control().signal(process, Set.of(1L), Signal.SIGTERM)).isInstanceOf(SignalResult.Failed.class);
        assertThat(control().liveness(process)).isEqualTo(Liveness.ALIVE);
    }

    @Test
    void aProcessThatEndsBetweenLookAndSignalIsGone() {
        Process victim = children.start(Children.IDLE);
        ProcessRef meant = ref(victim.toHandle());
        PortableProcesses processes = new PortableProcesses(new SystemInfo().getOperatingSystem());

        try (ProcessControl control = new PortableProcessControl(processes, () -> Children.end(victim))) {
            assertThat(control.signal(meant, Set.of(), Signal.SIGKILL)).isEqualTo(new SignalResult.Gone());
        }
    }

    private static ProcessRef ref(ProcessHandle handle) {
        return PortableProcesses.ref(handle).orElseThrow();
    }
}
