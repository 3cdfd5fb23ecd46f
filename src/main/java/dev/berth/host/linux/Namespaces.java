package dev.berth.host.linux;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whose processes and sockets show from where Berth stands: the machine's, or those of a container only.
 *
 * @param pid of processes
 * @param network of sockets
 */
public record Namespaces(Reach pid, Reach network) {
    /** The numbers of the first namespaces, fixed in the kernel: the pid one's always, the network one's since Linux 6.18. */
    private static final String FIRST_PID = "pid:[4026531836]";

    private static final String FIRST_NETWORK = "net:[4026531833]";
    private static final int FIXED_MAJOR = 6;
    private static final int FIXED_MINOR = 18;
    private static final Pattern RELEASE = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})\\D.*", Pattern.DOTALL);

    /** How far Berth sees in one respect. */
    public enum Reach {
        /** All of the machine, but for what other namespaces keep to themselves. */
        MACHINE,
        /** A namespace that is not the machine's first. */
        OWN,
        /** The kernel does not tell this user. */
        UNKNOWN
    }

    /** Looks at the running system. */
    public static Namespaces detect() {
        return detect(Path.of("/proc"), Path.of("/sys"));
    }

    static Namespaces detect(Path proc, Path sys) {
        Reach pid = link(proc.resolve("self/ns/pid"))
                .map(name -> name.equals(FIRST_PID) ? Reach.MACHINE : Reach.OWN)
                .orElse(Reach.UNKNOWN);
        return new Namespaces(pid, network(proc, sys, pid));
    }

    private static Reach network(Path proc, Path sys, Reach pid) {
        Optional<String> own = link(proc.resolve("self/ns/net"));
        if (own.isEmpty()) {
            return Reach.UNKNOWN;
        }
        if (own.get().equals(FIRST_NETWORK)) {
            return Reach.MACHINE;
        }
        if (hasFixedNumbers(proc)) {
            return Reach.OWN;
        }
        // Older kernels number it as they come to it. Where pid 1 is the machine's, its namespace is the one to compare
        // with.
        Optional<String> init = pid == Reach.MACHINE ? link(proc.resolve("1/ns/net")) : Optional.empty();
        if (init.isPresent()) {
            return own.equals(init) ? Reach.MACHINE : Reach.OWN;
        }
        // Hardware is given to the first namespace, and containers get virtual interfaces.
        if (hasHardware(sys)) {
            return Reach.MACHINE;
        }
        return pid == Reach.OWN ? Reach.OWN : Reach.UNKNOWN;
    }

    private static boolean hasFixedNumbers(Path proc) {
        try {
            Matcher release = RELEASE.matcher(Files.readString(proc.resolve("sys/kernel/osrelease")));
            if (!release.matches()) {
                return false;
            }
            int major = Integer.parseInt(release.group(1));
            return major > FIXED_MAJOR || (major == FIXED_MAJOR && Integer.parseInt(release.group(2)) >= FIXED_MINOR);
        } catch (IOException notTold) {
            return false;
        }
    }

    private static boolean hasHardware(Path sys) {
        try (DirectoryStream<Path> interfaces = Files.newDirectoryStream(sys.resolve("class/net"))) {
            for (Path each : interfaces) {
                if (Files.exists(each.resolve("device"))) {
                    return true;
                }
            }
            return false;
        } catch (IOException notTold) {
            return false;
        }
    }

    private static Optional<String> link(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException notTold) {
            return Optional.empty();
        }
    }
}
