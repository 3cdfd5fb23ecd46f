package dev.berth.host.linux;

import dev.berth.model.HolderKind;
import dev.berth.model.Origin;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.User;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** As much of a process as the observer needs, from the JDK. */
final class StubProcessReader implements ProcessReader {
    @Override
    public Optional<ProcessFacts> read(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> identify(pid)
                        .map(ref -> new ProcessFacts(
                                ref,
                                new User(0, process.info().user()),
                                "comm",
                                process.info().commandLine().map(List::of).orElse(List.of()),
                                process.info().command(),
                                Optional.empty(),
                                process.info().startInstant().orElse(Instant.EPOCH),
                                pid,
                                pid,
                                List.of(),
                                false,
                                Optional.empty(),
                                Origin.of(HolderKind.FOREIGN))));
    }

    @Override
    public Optional<ProcessRef> identify(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().startInstant())
                .map(start -> new ProcessRef(pid, start.toEpochMilli(), "boot"));
    }
}
