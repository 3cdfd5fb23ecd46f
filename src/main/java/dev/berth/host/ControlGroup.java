package dev.berth.host;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the path of a control group says: a container, or a systemd unit. Both forms of cgroups, v1 and v2. */
sealed interface ControlGroup {
    /** How much of a container's 64 digits is shown; what its tools show and take. */
    int SHORT_ID = 12;

    /** The innermost container wins: one may run in another. */
    Pattern CONTAINER = Pattern.compile(
            "(?<runtime>docker-|/docker/|libpod-|cri-containerd-|crio-|kubepods[^/]*(?:/[^/]+)*/)(?<id>[0-9a-f]{64})");

    Pattern LXC = Pattern.compile("/lxc(?:\\.payload\\.|/)(?<name>[^/]+)");

    Pattern USER_MANAGER = Pattern.compile("user@[0-9]+\\.service");

    /** What tells it from others: the path up to and including its own part. */
    String path();

    /**
     * @param name a short id, or a name
     * @param manager the tool that stops it
     */
    record Container(String path, String name, Optional<String> manager) implements ControlGroup {}

    /**
     * @param manager {@code systemd} or, for a unit of a user, that user's own instance: {@code user@1000.service}
     */
    record Unit(String path, String name, String manager) implements ControlGroup {
        boolean ofUser() {
            return !manager.equals("systemd");
        }
    }

    static Optional<Container> container(String path) {
        Matcher ids = CONTAINER.matcher(path);
        Optional<Container> innermost = Optional.empty();
        while (ids.find()) {
            innermost = Optional.of(new Container(
                    path.substring(0, ids.end()), ids.group("id").substring(0, SHORT_ID), tool(ids.group("runtime"))));
        }
        if (innermost.isPresent()) {
            return innermost;
        }
        Matcher lxc = LXC.matcher(path);
        return lxc.find()
                ? Optional.of(new Container(path.substring(0, lxc.end()), lxc.group("name"), Optional.empty()))
                : Optional.empty();
    }

    /**
     * The last service in the path. A scope after it sets it aside: sessions, and applications that a desktop started,
     * are no units that somebody would stop. Neither are the desktop's own {@code app-….service}: a terminal is one, with
     * everything that was ever started in it.
     */
    static Optional<Unit> unit(String path) {
        String[] parts = path.split("/");
        String manager = "systemd";
        Optional<Unit> last = Optional.empty();
        StringBuilder walked = new StringBuilder();
        for (String part : parts) {
            if (part.isEmpty()) {
                continue;
            }
            walked.append('/').append(part);
            if (USER_MANAGER.matcher(part).matches()) {
                manager = part;
                last = Optional.empty();
            } else if (part.endsWith(".scope") || (part.endsWith(".service") && part.startsWith("app-"))) {
                last = Optional.empty();
            } else if (part.endsWith(".service")) {
                last = Optional.of(new Unit(walked.toString(), part, manager));
            }
        }
        return last;
    }

    private static Optional<String> tool(String runtime) {
        return switch (runtime) {
            case "docker-", "/docker/" -> Optional.of("docker");
            case "libpod-" -> Optional.of("podman");
            // Kubernetes would start it again somewhere: there is nothing here to ask.
            default -> Optional.empty();
        };
    }
}
