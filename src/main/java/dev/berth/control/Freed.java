package dev.berth.control;

import dev.berth.model.ConflictAction;
import dev.berth.model.PortKey;
import java.util.List;

/** The answer to a wish to free a port. */
public sealed interface Freed {
    PortKey port();

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
