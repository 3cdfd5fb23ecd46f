package dev.berth.app;

import dev.berth.host.linux.Namespaces;
import dev.berth.host.linux.Namespaces.Reach;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What Berth runs in, as far as that shows from inside.
 *
 * @param container such as {@code a Docker container}; empty on a machine itself
 * @param namespaces whose processes and sockets show
 */
record Surroundings(Optional<String> container, Namespaces namespaces) {
    static Surroundings detect(Map<String, String> environment) {
        return detect(environment, Path.of("/"), Namespaces.detect());
    }

    static Surroundings detect(Map<String, String> environment, Path root, Namespaces namespaces) {
        return new Surroundings(container(environment, root, namespaces), namespaces);
    }

    private static Optional<String> container(Map<String, String> environment, Path root, Namespaces namespaces) {
        if (environment.containsKey("KUBERNETES_SERVICE_HOST")
                || Files.exists(root.resolve("var/run/secrets/kubernetes.io"))) {
            return Optional.of("a Kubernetes pod");
        }
        if (Files.exists(root.resolve(".dockerenv"))) {
            return Optional.of("a Docker container");
        }
        if (Files.exists(root.resolve("run/.containerenv"))) {
            return Optional.of("a Podman container");
        }
        String named = environment.getOrDefault("container", "");
        if (!named.isBlank()) {
            return Optional.of("a container (" + named + ")");
        }
        return namespaces.pid() == Reach.OWN || namespaces.network() == Reach.OWN
                ? Optional.of("a container")
                : Optional.empty();
    }

    /** Whose ports are seen and guarded. */
    String network() {
        return switch (namespaces.network()) {
            case MACHINE -> "the machine's ports; those inside containers with a network of their own are not seen";
            case OWN -> "the ports of this network namespace (a container or pod); the machine's are not seen";
            case UNKNOWN -> "the ports of this network namespace; whether it is the machine's can't be told from here";
        };
    }

    /** Whose processes are seen. */
    String processes() {
        return switch (namespaces.pid()) {
            case MACHINE -> "the machine's processes";
            case OWN ->
                "the processes of this pid namespace (a container or pod); who holds a port from outside of it"
                        + " is not seen";
            case UNKNOWN -> "whose processes are seen can't be told on this system";
        };
    }

    /**
     * What a port of this container is outside of it.
     *
     * @param listen where Berth listens
     * @param allowedHosts the setting
     * @return a sentence for the log; empty where Berth runs in no container
     */
    Optional<String> portMapping(ListenAddress listen, Iterable<String> allowedHosts) {
        if (container.isEmpty()) {
            return Optional.empty();
        }
        String inside = "Berth runs in " + container.get() + ": ";
        if (namespaces.network() == Reach.MACHINE) {
            return Optional.of(
                    inside + "it shares the machine's network, and port " + listen.port() + " is the machine's port");
        }
        if (listen.host().isLoopbackAddress()) {
            return Optional.of(
                    inside + "port " + listen.port() + " on " + listen.host().getHostAddress()
                            + " is reached from the same network namespace only, by no mapped port; for one set"
                            + " BERTH_HTTP_HOST=0.0.0.0 and BERTH_TOKEN");
        }
        String names = String.join(", ", allowedHosts);
        return Optional.of(inside + "container port " + listen.port() + " of "
                + listen.host().getHostAddress()
                + "; which port of the host leads to it is not seen from inside (docker port CONTAINER tells). By another name or"
                + " port than its own Berth answers to "
                + (names.isEmpty() ? "nobody: name them in allowedHosts" : "the names in allowedHosts only: " + names));
    }
}
