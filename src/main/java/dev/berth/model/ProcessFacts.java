package dev.berth.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What was read about one process. Fields that were denied or have gone are empty.
 *
 * @param comm the kernel's short name (at most 15 characters)
 * @param commandLine the arguments; empty for kernel threads, or when denied
 * @param ancestors parent first, up to pid 1
 * @param kernelThread a thread of the kernel itself; it can't be ended
 * @param marker the value of the environment marker {@code BERTH_SERVICE} ("namespace/name"), when it could be read
 */
public record ProcessFacts(
        ProcessRef ref,
        User user,
        String comm,
        List<String> commandLine,
        Optional<String> executable,
        Optional<String> workingDirectory,
        Instant startedAt,
        long processGroup,
        long session,
        List<Ancestor> ancestors,
        boolean kernelThread,
        Optional<String> marker,
        Origin origin) {
    public ProcessFacts {
        commandLine = List.copyOf(commandLine);
        ancestors = List.copyOf(ancestors);
    }

    /**
     * The command as a person would type it, or the short name in brackets; without its {@link Secrets}, because it goes into
     * messages, logs, records and answers. Recorded commands are compared in this form.
     */
    public String command() {
        return commandLine.isEmpty() ? "[" + comm + "]" : Secrets.command(commandLine);
    }

    /** The whole command for users' patterns to be searched in; it is never shown. */
    public String searched() {
        return commandLine.isEmpty() ? "[" + comm + "]" : String.join(" ", commandLine);
    }

    public boolean descendsFrom(ProcessRef other) {
        return ancestors.stream().anyMatch(ancestor -> ancestor.ref().equals(other));
    }
}
