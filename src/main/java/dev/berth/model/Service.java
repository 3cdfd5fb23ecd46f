package dev.berth.model;

import java.util.Optional;

/** A declared service: what is wanted, and what was seen of it. */
public record Service(Metadata metadata, ServiceSpec spec, ServiceStatus status) implements StoredObject {
    public ServiceKey key() {
        return metadata.key();
    }

    @Override
    public ObjectRef ref() {
        return ObjectRef.service(key());
    }

    @Override
    public long resourceVersion() {
        return metadata.resourceVersion();
    }

    @Override
    public Service withResourceVersion(long version) {
        return new Service(metadata.withResourceVersion(version), spec, status);
    }

    public Service withStatus(ServiceStatus newStatus) {
        return new Service(metadata, spec, newStatus);
    }

    /** Its token may end only what was started for it, and so nothing else is ended or taken for this service. */
    public boolean isLimitedToOwn() {
        return metadata.annotations().containsKey(Caller.LIMITED_TO_OWN);
    }

    /** The port that is assigned to it, with its protocol. */
    public Optional<PortKey> assigned() {
        return status.port().isPresent()
                ? Optional.of(new PortKey(spec.protocol(), status.port().getAsInt()))
                : Optional.empty();
    }
}
