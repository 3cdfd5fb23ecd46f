package dev.berth.model;

/** Names one stored object. */
public record ObjectRef(Kind kind, String namespace, String name) {
    /** The kinds of stored objects. */
    public enum Kind {
        SERVICE("Service", Service.class),
        RESERVATION("Reservation", Reservation.class),
        CONFLICT("Conflict", Conflict.class),
        EVICTION("Eviction", Eviction.class),
        SETTING("Setting", SettingOverride.class),
        TOKEN("Token", Token.class);

        private final String label;
        private final Class<? extends StoredObject> type;

        Kind(String label, Class<? extends StoredObject> type) {
            this.label = label;
            this.type = type;
        }

        /** As the API writes it. */
        public String label() {
            return label;
        }

        public Class<? extends StoredObject> type() {
            return type;
        }
    }

    public static ObjectRef service(ServiceKey key) {
        return new ObjectRef(Kind.SERVICE, key.namespace(), key.name());
    }

    /** For kinds that belong to the machine rather than to a namespace. */
    public static ObjectRef global(Kind kind, String name) {
        return new ObjectRef(kind, "", name);
    }

    @Override
    public String toString() {
        return kind.label() + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
}
