package dev.berth.config;

import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One service as somebody wrote it down.
 *
 * @param resourceVersion the version that the writer started from, when the text says so
 * @param uid the identity that the writer meant, when the text says so
 */
public record DeclaredService(
        ServiceKey key,
        ServiceSpec spec,
        Map<String, String> labels,
        Map<String, String> annotations,
        OptionalLong resourceVersion,
        Optional<String> uid) {}
