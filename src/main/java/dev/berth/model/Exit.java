package dev.berth.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a process that Berth ran ended.
 *
 * @param at when it was noticed
 * @param status what it returned; empty when a signal ended it or when nobody can tell any more
 * @param signal the number of the signal that ended it
 * @param cause what else is known, such as that it could not be started; for people
 * @param lastLines of its output, the newest last
 */
public record Exit(Instant at, OptionalInt status, OptionalInt signal, Optional<String> cause, List<String> lastLines) {
    public Exit {
        lastLines = List.copyOf(lastLines);
    }

    /** When it ended while nobody looked. */
    public static Exit unknown(Instant at) {
        return new Exit(at, OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), List.of());
    }

    /** When it could not even be started. */
    public static Exit notStarted(Instant at, String why) {
        return new Exit(at, OptionalInt.empty(), OptionalInt.empty(), Optional.of(why), List.of());
    }

    /** In words, such as {@code exited with status 1} or {@code was ended by SIGKILL}. */
    public String words() {
        String how;
        if (status.isPresent()) {
            how = "exited with status " + status.getAsInt();
        } else if (signal.isPresent()) {
            how = "was ended by " + signalName(signal.getAsInt());
        } else {
            how = cause.isPresent() ? "could not be started" : "ended; how is not known";
        }
        return how + cause.map(text -> ": " + text).orElse("");
    }

    /** Of the signals that have one number everywhere. */
    private static String signalName(int number) {
        return switch (number) {
            case 1 -> "SIGHUP";
            case 2 -> "SIGINT";
            case 3 -> "SIGQUIT";
            case 6 -> "SIGABRT";
            case 9 -> "SIGKILL";
            case 11 -> "SIGSEGV";
            case 13 -> "SIGPIPE";
            case 15 -> "SIGTERM";
            default -> "signal " + number;
        };
    }
}
