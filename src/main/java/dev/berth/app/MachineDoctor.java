package dev.berth.app;

import dev.berth.api.Doctor;
import dev.berth.control.ControlPlane;
import dev.berth.host.HostObserver;
import dev.berth.host.ObservationException;
import dev.berth.host.linux.Sysctl;
import dev.berth.model.HostSnapshot;
import dev.berth.model.PortRange;
import dev.berth.model.Service;
import dev.berth.model.Units;
import dev.berth.model.User;
import dev.berth.store.Registry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads what the kernel and the file system tell of this machine. */
final class MachineDoctor implements Doctor {
    /** The database grows by some kilobytes with every conflict; with less than this a busy week may fill the disk. */
    private static final long LITTLE_SPACE = 200L << 20;

    /** Far more than a clock drifts; less than a laptop sleeps. */
    private static final Duration JUMP = Duration.ofMinutes(2);

    private static final int FIRST_UNPRIVILEGED = 1024;
    private static final int SHOWN = 8;

    private final Registry registry;
    private final ControlPlane control;
    private final HostObserver observer;
    private final User user;
    private final Optional<Startup> startup;
    private final InstantSource clock;

    MachineDoctor(
            Registry registry,
            ControlPlane control,
            HostObserver observer,
            User user,
            Optional<Startup> startup,
            InstantSource clock) {
        this.registry = registry;
        this.control = control;
        this.observer = observer;
        this.user = user;
        this.startup = startup;
        this.clock = clock;
    }

    @Override
    public List<Finding> examine() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(
                "versions",
                "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " "
                        + System.getProperty("os.version") + " on " + System.getProperty("os.arch")));
        findings.add(surroundings());
        findings.add(permissions());
        findings.add(sight());
        TreeSet<Integer> wanted = wantedPorts();
        findings.add(ephemeral(wanted));
        lowPorts(wanted).ifPresent(findings::add);
        findings.addAll(dataDirectory());
        findings.add(clockFinding());
        return List.copyOf(findings);
    }

    private Finding surroundings() {
        String product = line(Path.of("/sys/class/dmi/id/product_name")).orElse("");
        boolean virtual = line(Path.of("/proc/cpuinfo"), "flags").orElse("").contains(" hypervisor");
        String machine = virtual
                ? "a virtual machine" + (product.isEmpty() ? "" : " (" + product + ")")
                : "no virtual machine that shows";
        if (line(Path.of("/proc/sys/kernel/osrelease"))
                .orElse("")
                .toLowerCase(java.util.Locale.ROOT)
                .contains("microsoft")) {
            return Finding.note(
                    "machine",
                    "WSL: ports that Windows programs hold are not seen from here",
                    "look on the Windows side too: netstat -ano");
        }
        Surroundings around =
                Surroundings.detect(startup.map(Startup::environment).orElseGet(System::getenv));
        return around.container()
                .map(
                        kind -> Finding.note(
                                "machine",
                                kind + "; seen are " + around.network() + "; " + around.processes(),
                                "to guard the ports of the whole machine, run Berth outside, or with --network host --pid host"))
                .orElseGet(() -> Finding.ok("machine", machine));
    }

    private Finding permissions() {
        if (user.isRoot()) {
            return Finding.ok("permissions", "runs as root: sees every process, and starts commands as root too");
        }
        return Finding.note(
                "permissions",
                "runs as " + user.display() + " (uid " + user.uid()
                        + "): who holds other users' ports is not seen, only that they are taken",
                "enough for your own services; to see all, run Berth as root or give its java the capabilities CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH");
    }

    private Finding sight() {
        String name = observer.name();
        try {
            HostSnapshot look = control.ports().latest();
            String gaps = String.join("; ", look.completeness().gaps());
            return gaps.isEmpty()
                    ? Finding.ok("observer", name + ", sees every socket of this machine")
                    : Finding.note(
                            "observer", name + ", with gaps: " + gaps, "see docs/holders.md for what is lacking");
        } catch (ObservationException blind) {
            return Finding.warning(
                    "observer", name + " can't look: " + blind.getMessage(), "restart Berth, and look at its log");
        }
    }

    private TreeSet<Integer> wantedPorts() {
        TreeSet<Integer> ports = new TreeSet<>();
        for (Service service : registry.services()) {
            service.spec().preferred().ifPresent(port -> ports.add(port.port()));
            ports.addAll(service.spec().alternativePorts());
        }
        return ports;
    }

    /** A port of that range may be taken by any outgoing connection at any time. */
    private static Finding ephemeral(TreeSet<Integer> wanted) {
        Optional<PortRange> range = EphemeralRange.read();
        if (range.isEmpty()) {
            return Finding.note("ephemeral ports", "the system doesn't tell their range", "");
        }
        String reserved = Sysctl.read("net/ipv4/ip_local_reserved_ports").orElse("");
        List<Integer> open = wanted.stream()
                .filter(port -> range.get().contains(port) && !isListed(reserved, port))
                .toList();
        String found = "the kernel uses " + range.get() + " for outgoing connections"
                + (reserved.isEmpty() ? "" : ", except the reserved " + reserved);
        if (open.isEmpty()) {
            return Finding.ok("ephemeral ports", found + "; no declared port is among them");
        }
        String ports = open.stream().limit(SHOWN).map(String::valueOf).collect(Collectors.joining(","))
                + (open.size() > SHOWN ? " and " + (open.size() - SHOWN) + " more" : "");
        return Finding.warning(
                "ephemeral ports",
                found + "; declared ports among them: " + ports,
                "keep them out of it: sudo sysctl -w net.ipv4.ip_local_reserved_ports="
                        + (reserved.isEmpty() ? "" : reserved + ",")
                        + open.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }

    /** The kernel's list has single ports and ranges. */
    private static boolean isListed(String list, int port) {
        return Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .filter(item -> item.matches("\\d{1,5}(-\\d{1,5})?"))
                .anyMatch(item -> {
                    int dash = item.indexOf('-');
                    int first = Integer.parseInt(dash < 0 ? item : item.substring(0, dash));
                    int last = dash < 0 ? first : Integer.parseInt(item.substring(dash + 1));
                    return first <= port && port <= last;
                });
    }

    private Optional<Finding> lowPorts(TreeSet<Integer> wanted) {
        int first = Sysctl.read("net/ipv4/ip_unprivileged_port_start")
                .filter(text -> text.matches("\\d{1,5}"))
                .map(Integer::valueOf)
                .orElse(FIRST_UNPRIVILEGED);
        List<Integer> low = wanted.stream().filter(port -> port < first).toList();
        if (low.isEmpty() || user.isRoot()) {
            return Optional.empty();
        }
        return Optional.of(Finding.warning(
                "low ports",
                "declared ports below " + first + " need root here: "
                        + low.stream().limit(SHOWN).toList(),
                "declare others, or: sudo sysctl -w net.ipv4.ip_unprivileged_port_start=" + low.get(0)));
    }

    private List<Finding> dataDirectory() {
        Optional<DataDirectory> data = startup.map(Startup::data);
        Optional<Path> path = data.flatMap(DataDirectory::path);
        if (path.isEmpty()) {
            return List.of(Finding.warning(
                    "data directory",
                    "state is in memory and lost with a stop: "
                            + data.flatMap(DataDirectory::trouble).orElse("there is no data directory"),
                    "set BERTH_DATA_DIR to a directory that can be written, and start Berth again"));
        }
        List<Finding> findings = new ArrayList<>();
        try {
            long space = Files.getFileStore(path.get()).getUsableSpace();
            String found = path.get() + ", " + Units.bytes(space) + " free";
            findings.add(
                    space < LITTLE_SPACE
                            ? Finding.warning(
                                    "data directory", found, "make room: nothing is declared or moved on a full disk")
                            : Finding.ok("data directory", found));
        } catch (IOException unreadable) {
            findings.add(Finding.warning(
                    "data directory",
                    path.get() + " can't be looked at: " + unreadable.getMessage(),
                    "check its owner"));
        }
        Optional<Path> socket = startup.flatMap(each -> each.socket().path());
        findings.add(
                socket.isPresent()
                        ? Finding.ok("socket", socket.get().toString())
                        : Finding.note(
                                "socket",
                                "none: its path would be too long, or this is not Linux; the command line uses TCP",
                                "a shorter BERTH_DATA_DIR makes the command line faster"));
        return findings;
    }

    private Finding clockFinding() {
        RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
        Duration byClock = Duration.between(Instant.ofEpochMilli(runtime.getStartTime()), clock.instant());
        // Counted by a clock that nobody sets.
        Duration truly = Duration.ofMillis(runtime.getUptime());
        Duration jumped = byClock.minus(truly);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        if (jumped.abs().compareTo(JUMP) > 0) {
            return Finding.note(
                    "clock",
                    now + "; it was set by " + Units.duration(jumped.abs()) + (jumped.isNegative() ? " back" : " ahead")
                            + " since Berth started, or the machine slept",
                    "times in history and audit before that are off by as much");
        }
        return Finding.ok("clock", now + ", steady since Berth started");
    }

    private static Optional<String> line(Path file) {
        return line(file, "");
    }

    /** The first line that begins so. */
    private static Optional<String> line(Path file, String beginning) {
        try (var lines = Files.lines(file)) {
            return lines.filter(each -> each.startsWith(beginning)).findFirst().map(String::strip);
        } catch (IOException | java.io.UncheckedIOException notTold) {
            return Optional.empty();
        }
    }
}
