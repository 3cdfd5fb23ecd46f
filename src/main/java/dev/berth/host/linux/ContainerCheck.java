package dev.berth.host.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Is a connection that of a container: of its network proxy, which runs as the user but speaks for whatever is in the
 * container, or of a process in it that has the machine's network? A container's root has the machine's uid 0, and is not the
 * machine's root. Not safe for use by two threads at once.
 *
 * <p>The holder is looked for among the processes of the socket's user, newest first, and then among all others, since who
 * opened it may have become somebody else. When nobody is found, every process named as a proxy that hides its descriptors
 * (pasta does) makes the caller doubtful.
 */
final class ContainerCheck {
    /** Also their variants, such as {@code pasta.avx2}. */
    private static final Set<String> PROXIES = Set.of(
            "docker-proxy",
            "rootlessport",
            "rootlesskit",
            "slirp4netns",
            "pasta",
            "passt",
            "vpnkit",
            "gvproxy",
            "podman-proxy");
    /** The kernel keeps this much of a program's name. */
    private static final int COMM = 15;
    /** Browsers and editors call again and again: whoever called lately is looked at first. */
    private static final int REMEMBERED = 8;
    /** What a container has of its own even where it shares the machine's network; what Berth itself is in is the measure. */
    private static final List<String> NAMESPACES = List.of("pid", "user");

    private final ProcessSockets processes = new ProcessSockets();
    private final Set<Long> lately = new LinkedHashSet<>();

    boolean mayBeContainer(InetSocket socket) throws IOException {
        long[] wanted = {socket.inode().orElseThrow()};
        for (long pid : Set.copyOf(lately)) {
            if (holds(pid, wanted)) {
                return isOfContainer(pid);
            }
        }
        long[] pids = processes.pids();
        for (boolean theirs : List.of(true, false)) {
            for (long pid : pids) {
                if ((processes.owner(pid).orElse(-1) == socket.uid()) == theirs && holds(pid, wanted)) {
                    remember(pid);
                    return isOfContainer(pid);
                }
            }
        }
        return Arrays.stream(pids).anyMatch(pid -> isHiddenProxy(pid, socket.uid()));
    }

    private static boolean isOfContainer(long pid) {
        return isProxy(pid)
                || NAMESPACES.stream().anyMatch(kind -> {
                    Optional<String> theirs = link(pid + "/ns/" + kind);
                    // Whose descriptors can be read, their namespaces can: who shows none has just ended.
                    return theirs.isEmpty() || !theirs.equals(link("self/ns/" + kind));
                });
    }

    private boolean isHiddenProxy(long pid, long uid) {
        return isProxy(pid) && !isReadable(pid) && runsAs(pid, uid);
    }

    /** {@code /proc} shows root as the owner of a process that hides; its status tells the truth. */
    private static boolean runsAs(long pid, long uid) {
        return text(pid, "status")
                .flatMap(status ->
                        status.lines().filter(line -> line.startsWith("Uid:")).findFirst())
                .map(line -> Arrays.asList(line.split("\\s+")).contains(Long.toString(uid)))
                .orElse(true);
    }

    private boolean holds(long pid, long[] wanted) {
        boolean[] found = {false};
        processes.scan(pid, wanted, (holder, descriptor, inode) -> found[0] = true);
        return found[0];
    }

    private boolean isReadable(long pid) {
        return processes.scan(pid, new long[0], (holder, descriptor, inode) -> {}) == ProcessSockets.Sight.READ;
    }

    private void remember(long pid) {
        lately.remove(pid);
        lately.add(pid);
        if (lately.size() > REMEMBERED) {
            lately.remove(lately.iterator().next());
        }
    }

    private static boolean isProxy(long pid) {
        return text(pid, "comm").filter(comm -> isProxyName(comm.strip())).isPresent()
                || link(pid + "/exe").filter(ContainerCheck::isProxyName).isPresent();
    }

    /** @param name a program's file name, or the kernel's shortened one */
    static boolean isProxyName(String name) {
        String base = name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        int deleted = base.indexOf(" (deleted)");
        base = deleted < 0 ? base : base.substring(0, deleted);
        int variant = base.indexOf('.');
        String plain = variant <= 0 ? base : base.substring(0, variant);
        return PROXIES.stream()
                .anyMatch(proxy -> plain.equals(proxy) || plain.length() == COMM && proxy.startsWith(plain));
    }

    private static Optional<String> link(String name) {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of("/proc/" + name)).toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(long pid, String name) {
        try {
            return Optional.of(Files.readString(Path.of("/proc/" + pid + "/" + name), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
