package dev.berth.control;

import dev.berth.model.PortKey;
import dev.berth.model.ServiceKey;

/** The name of something to reconcile. It never says what happened: every pass looks anew. */
public sealed interface WorkKey {
    /** A declared service. */
    record OfService(ServiceKey service) implements WorkKey {
        @Override
        public String toString() {
            return "service " + service;
        }
    }

    /** The eviction of what holds a port. */
    record OfEviction(PortKey port) implements WorkKey {
        @Override
        public String toString() {
            return "eviction of port " + port;
        }
    }

    /** The health of all services: checks that are due at the same time begin in one pass. */
    record OfHealth() implements WorkKey {
        @Override
        public String toString() {
            return "health of services";
        }
    }

    /** The reservation of a port. */
    record OfReservation(PortKey port) implements WorkKey {
        @Override
        public String toString() {
            return "reservation of port " + port;
        }
    }

    static WorkKey reservation(PortKey port) {
        return new OfReservation(port);
    }

    static WorkKey service(ServiceKey service) {
        return new OfService(service);
    }

    static WorkKey health() {
        return new OfHealth();
    }

    static WorkKey eviction(PortKey port) {
        return new OfEviction(port);
    }
}
