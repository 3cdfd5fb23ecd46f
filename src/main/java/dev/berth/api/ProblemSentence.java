package dev.berth.api;

import dev.berth.model.Fault;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A refusal as a shell shows it. */
final class ProblemSentence {
    private ProblemSentence() {}

    /** Does the first choice of an Accept header say text? The header is not parsed: it may be the thing that is refused. */
    static boolean isWanted(Optional<String> accept) {
        return accept.map(header -> header.strip().startsWith("text/plain")).orElse(false);
    }

    /** A sentence, then each fault in a line of its own. */
    static String of(String detail, List<Fault> errors) {
        String lines = errors.stream()
                .map(fault -> "\n  " + (fault.field().isEmpty() ? "" : fault.field() + ": ") + fault.message()
                        + (fault.given().isEmpty() ? "" : ", given: " + fault.given()))
                .collect(Collectors.joining());
        return detail + lines + "\n";
    }
}
