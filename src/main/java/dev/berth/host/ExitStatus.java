package dev.berth.host;

/** How a process ended, as the kernel told it. */
public sealed interface ExitStatus {
    /** It returned this, 0 to 255. */
    record Returned(int status) implements ExitStatus {}

    /** This signal ended it. */
    record Signalled(int signal) implements ExitStatus {}
}
