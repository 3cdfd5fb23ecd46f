package dev.berth.model;

/** Another service that must have reached a condition before this one starts. */
public record Dependency(String service, Until condition) {
    /** How far the other one must have come. */
    public enum Until {
        STARTED,
        HEALTHY
    }
}
