package dev.berth.config;

import java.time.Duration;

/** How much a declaration may say. Each is far above what anybody needs, so that a slip is noticed and memory is bounded. */
final class SpecLimits {
    /** Of the contract: what is matched against every holder's command line must stay cheap. */
    static final int PATTERN_LENGTH = 512;

    static final int PATTERNS = 50;
    static final int ALTERNATIVES = 1_000;
    static final int DEPENDENCIES = 200;
    static final int REPLICAS = 100;
    static final int RESTARTS = 1_000;
    static final int CHECK_COUNT = 100;
    static final int ENVIRONMENT = 1_000;
    static final int LABELS = 100;
    static final int ARGUMENTS = 1_000;
    static final int SERVICES = 10_000;
    static final int RESERVATIONS = 1_000;

    /** The kernel's own limit for one argument or variable (MAX_ARG_STRLEN). */
    static final int ARGUMENT_LENGTH = 131_071;

    /** The kernel's own limit for a path (PATH_MAX). */
    static final int PATH_LENGTH = 4_095;

    /**
     * Characters of a whole service. Each of its changes is kept with all of it, in memory for those who watch and on disk:
     * what is longer belongs into a file that the service reads.
     */
    static final int SERVICE_LENGTH = 262_144;

    static final int URL_LENGTH = 2_048;
    static final int ANNOTATION_LENGTH = 65_536;
    static final Duration LONGEST_GRACE = Duration.ofHours(1);
    static final Duration LONGEST_INTERVAL = Duration.ofHours(24);
    static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);

    private SpecLimits() {}
}
