package dev.berth.model;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What every declared object carries.
 *
 * @param owner who declared it; the uid decides whose processes count as its own
 * @param generation grows with the spec only
 * @param resourceVersion the journal's sequence number of the last change; 0 before the first commit
 */
public record Metadata(
        String namespace,
        String name,
        String uid,
        Map<String, String> labels,
        Map<String, String> annotations,
        User owner,
        List<String> finalizers,
        long generation,
        long resourceVersion,
        Instant creationTimestamp,
        Optional<Instant> deletionTimestamp) {
    public Metadata {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
        finalizers = List.copyOf(finalizers);
    }

    public ServiceKey key() {
        return new ServiceKey(namespace, name);
    }

    public Metadata withGeneration(long value) {
        return new Metadata(
                namespace,
                name,
                uid,
                labels,
                annotations,
                owner,
                finalizers,
                value,
                resourceVersion,
                creationTimestamp,
                deletionTimestamp);
    }

    public Metadata withResourceVersion(long value) {
        return new Metadata(
                namespace,
                name,
                uid,
                labels,
                annotations,
                owner,
                finalizers,
                generation,
                value,
                creationTimestamp,
                deletionTimestamp);
    }

    public Metadata withLabels(Map<String, String> newLabels, Map<String, String> newAnnotations) {
        return new Metadata(
                namespace,
                name,
                uid,
                newLabels,
                newAnnotations,
                owner,
                finalizers,
                generation,
                resourceVersion,
                creationTimestamp,
                deletionTimestamp);
    }

    public Metadata withDeletionTimestamp(Instant at) {
        return new Metadata(
                namespace,
                name,
                uid,
                labels,
                annotations,
                owner,
                finalizers,
                generation,
                resourceVersion,
                creationTimestamp,
                Optional.of(at));
    }
}
