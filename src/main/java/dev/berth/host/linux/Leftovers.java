package dev.berth.host.linux;

import dev.berth.host.ProcessControl;
import dev.berth.host.ProcessControl.Watch;
import dev.berth.host.Signal;
import dev.berth.host.linux.ProcFiles.Reading;
import dev.berth.model.Marker;
import dev.berth.model.ProcessRef;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends what is left of a command: all processes of its session, and those that left it but carry its mark. Looked for among
 * those that came after it only, so that it costs little where nothing is left.
 */
final class Leftovers {
    /** A command that forks without end loses this race or its machine; then it is told that it could not be ended. */
    private static final int ROUNDS = 20;

    /** A killed process is gone within a millisecond, unless it waits for a disk that doesn't answer. */
    private static final Duration ROUND = Duration.ofMillis(100);

    private final ProcFiles files;
    private final ProcessControl control;
    private final ProcessSockets processes = new ProcessSockets();
    private final String bootId;

    Leftovers(ProcFiles files, ProcessControl control) throws IOException {
        this.files = files;
        this.control = control;
        this.bootId = files.bootId();
    }

    /**
     * Ends them and waits until they are gone.
     *
     * @param leader the pid of the command, which led the session
     * @param launch the mark
     * @return those that could not be ended
     */
    List<ProcessRef> end(long leader, String launch) throws IOException, InterruptedException {
        List<ProcessRef> left = find(leader, launch);
        for (int round = 0; round < ROUNDS && !left.isEmpty(); round++) {
            left.forEach(process -> control.signal(process, Set.of(), Signal.SIGKILL));
            await(left);
            left = find(leader, launch);
        }
        return left;
    }

    private void await(List<ProcessRef> processes) throws InterruptedException {
        CountDownLatch left = new CountDownLatch(processes.size());
        List<Watch> watches = processes.stream()
                .map(process -> control.onExit(process, left::countDown))
                .toList();
        try {
            // Over or not: the next look tells.
            boolean ignored = left.await(ROUND.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            watches.forEach(Watch::close);
        }
    }

    private List<ProcessRef> find(long leader, String launch) throws IOException {
        boolean wrapped = files.newestPid() < leader;
        List<ProcessRef> found = new ArrayList<>();
        for (long pid : processes.pids()) {
            if (pid < leader && !wrapped) {
                break;
            }
            member(pid, leader, launch).ifPresent(found::add);
        }
        return found;
    }

    private Optional<ProcessRef> member(long pid, long leader, String launch) {
        if (!(files.stat(pid) instanceof Reading.Found<ProcStat> found)
                || found.value().isZombie()) {
            return Optional.empty();
        }
        ProcStat stat = found.value();
        boolean member = stat.session() == leader
                || files.environment(pid).filter(text -> isMarked(text, launch)).isPresent();
        return member ? Optional.of(new ProcessRef(pid, stat.startTicks(), bootId)) : Optional.empty();
    }

    private static boolean isMarked(String environment, String launch) {
        return ("\0" + environment + "\0").contains("\0" + Marker.LAUNCH + "=" + launch + "\0");
    }
}
