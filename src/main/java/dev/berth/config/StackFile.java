package dev.berth.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a whole {@code berth.yaml} says.
 *
 * @param stack the name that its services belong together under
 * @param settings by key, valid for their settings, as texts
 */
public record StackFile(Optional<String> stack, List<DeclaredService> services, Map<String, String> settings) {
    public StackFile {
        services = List.copyOf(services);
        settings = Map.copyOf(settings);
    }
}
