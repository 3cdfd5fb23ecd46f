package dev.berth.app;

import dev.berth.control.DecisionLog;
import dev.berth.model.Secrets;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Decisions and troubles in Berth's own log, each with the conflict that it belongs to. */
final class ServerLog implements DecisionLog {
    private static final Logger LOG = Logger.getLogger("dev.berth.decisions");

    @Override
    public void decided(Optional<String> conflict, String words) {
        LOG.info(line(conflict, words));
    }

    @Override
    public void trouble(Optional<String> conflict, String words) {
        LOG.warn(line(conflict, words));
    }

    private static String line(Optional<String> conflict, String words) {
        String shown = Secrets.text(words);
        return conflict.map(id -> shown + " [conflict " + id + "]").orElse(shown);
    }
}
