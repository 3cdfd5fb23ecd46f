package dev.berth.config;

import com.fasterxml.jackson.databind.JsonNode;

/** How long a declaration is as it will be kept: aliases followed, without what only Berth sets. */
final class DeclarationLength {
    private DeclarationLength() {}

    /** Tells when a service says more than {@link SpecLimits#SERVICE_LENGTH}. */
    static void check(JsonNode service, String path, Faults faults) {
        long length = of(service) - of(service.path("status"));
        if (length > SpecLimits.SERVICE_LENGTH) {
            faults.add(
                    path,
                    "a service is declared in at most " + SpecLimits.SERVICE_LENGTH + " characters, and this one has "
                            + length + ": put what is long into a file that the service reads, such as its envFile",
                    "");
        }
    }

    private static long of(JsonNode node) {
        long length = node.isValueNode() ? node.asText().length() : 0;
        for (JsonNode each : node) {
            length += of(each);
        }
        for (var entry : node.properties()) {
            length += entry.getKey().length();
        }
        return length;
    }
}
