package dev.berth.control;

import java.util.Optional;

/** Berth's own log, in words for people. A settled world writes nothing here. Implementations must not throw. */
public interface DecisionLog {
    /** What was decided or done. {@code conflict} is the id of the conflict that it belongs to. */
    void decided(Optional<String> conflict, String words);

    /** What went wrong, what was found and what would help. Told once when it begins, not at every try. */
    void trouble(Optional<String> conflict, String words);
}
