package dev.berth.launch;

import dev.berth.host.FileView;
import dev.berth.host.Rights;
import java.util.Map;

/**
 * What a user's services start from.
 *
 * @param rights those of their processes
 * @param environment the one that they inherit, without Berth's own secrets
 * @param files as those rights let them be seen
 */
public record ExecutionContext(Rights rights, Map<String, String> environment, FileView files) {
    public ExecutionContext {
        environment = Map.copyOf(environment);
    }
}
