package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.berth.model.Fault;
import java.util.List;
import java.util.Optional;

/**
 * How a text of a source of declarations fares.
 *
 * @param source the source's name
 * @param text which of its texts: the path of a file
 * @param state Applied: as it is now; Refused: what it says can't be done; Unreadable: it can't be told what it says. In the
 *     latter two what was applied last stays
 * @param since when it came to that
 * @param appliedAt when it was applied last; empty when it never was since Berth was started
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({"source", "text", "state", "since", "appliedAt", "message", "errors"})
public record SourceState(
        String source,
        String text,
        State state,
        String since,
        Optional<String> appliedAt,
        Optional<String> message,
        List<Fault> errors) {
    /** Whether what is said is what is declared. */
    public enum State {
        APPLIED,
        REFUSED,
        UNREADABLE;

        @JsonValue
        String word() {
            return Wire.camel(this);
        }
    }

    public SourceState {
        errors = List.copyOf(errors);
    }

    /** One line for logs, readiness and the audit log. */
    public String words() {
        StringBuilder words = new StringBuilder(text);
        message.ifPresent(each -> words.append(": ").append(each));
        errors.forEach(each -> words.append("; ").append(Warnings.words(each)));
        return words.toString();
    }

    /** For those who may not read the text: what is wrong with it quotes it. */
    SourceState withoutWords() {
        boolean told = message.isPresent() || !errors.isEmpty();
        return new SourceState(
                source, text, state, since, appliedAt, told ? Optional.of(ServiceView.WITHHELD) : message, List.of());
    }

    boolean saysTheSameAs(SourceState other) {
        return state == other.state && message.equals(other.message) && errors.equals(other.errors);
    }
}
