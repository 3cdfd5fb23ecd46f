package dev.berth.control;

import dev.berth.model.ConflictAction;
import dev.berth.model.PortKey;
import java.util.List;
import java.util.stream.Stream;

/** The answer to a wish to free a port. */
public sealed interface Freed {
    PortKey port();

    /** The same answer, with what was done before. Where nothing was signalled there is nothing to add. */
    default Freed after(List<ConflictAction> before) {
        if (this instanceof Done done) {
            return new Done(done.port(), joined(before, done.actions()));
        }
        return this instanceof StillTaken taken
                ? new StillTaken(taken.port(), taken.reason(), joined(before, taken.actions()))
                : this;
    }

    private static List<ConflictAction> joined(List<ConflictAction> first, List<ConflictAction> then) {
        return Stream.concat(first.stream(), then.stream()).toList();
    }

    /** Nothing held it. */
    record AlreadyFree(PortKey port) implements Freed {}

    /** What held it was ended, and the port was seen free. */
    record Done(PortKey port, List<ConflictAction> actions) implements Freed {
        public Done {
            actions = List.copyOf(actions);
        }
    }

    /** A rule forbids it; nothing was signalled. {@code rule} is its name, such as {@code sshd} or {@code other-user}. */
    record Refused(PortKey port, String rule, String reason) implements Freed {}

    /** It could not be freed, or was taken again at once; {@code actions} says what was tried. */
    record StillTaken(PortKey port, String reason, List<ConflictAction> actions) implements Freed {
        public StillTaken {
            actions = List.copyOf(actions);
        }
    }
}
