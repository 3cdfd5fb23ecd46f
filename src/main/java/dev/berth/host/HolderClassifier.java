package dev.berth.host;

import dev.berth.host.HolderEvidence.Program;
import dev.berth.model.HolderKind;
import dev.berth.model.Origin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells what kind of process holds a port; the first rule that fits decides. Pure: evidence in, origin out. Kinds that need
 * more than the host itself knows (declared services, recorded identities) are decided above.
 *
 * <p>It errs towards restraint: a program that merely bears the name of a supervisor or daemon is taken for one.
 */
public final class HolderClassifier {
    /** Programs that carry a container's published port; they end with the container, and come back with it. */
    private static final Set<String> CONTAINER_PROXIES =
            Set.of("docker-proxy", "rootlessport", "rootlesskit", "slirp4netns", "pasta", "pasta.avx2");

    /** What a machine or a desktop needs to go on working. Names as the kernel keeps them: at most 15 characters. */
    private static final Set<String> SYSTEM_PROGRAMS = Set.of(
            "init",
            "systemd",
            "(sd-pam)",
            "launchd",
            "sshd",
            "sshd-session",
            "login",
            "agetty",
            "getty",
            "dbus-daemon",
            "dbus-broker",
            "dbus-broker-lau",
            "dockerd",
            "containerd",
            "conmon",
            "crio",
            "kubelet",
            "lxcfs",
            "lxd",
            "incusd",
            "libvirtd",
            "cron",
            "crond",
            "atd",
            "anacron",
            "rsyslogd",
            "auditd",
            "udevd",
            "polkitd",
            "snapd",
            "NetworkManager",
            "wpa_supplicant",
            "ModemManager",
            "dhclient",
            "dhcpcd",
            "avahi-daemon",
            "chronyd",
            "ntpd",
            "cupsd",
            "cups-browsed",
            "rpcbind",
            "rpc.statd",
            "rpc.mountd",
            "accounts-daemon",
            "gdm3",
            "gdm",
            "lightdm",
            "sddm",
            "Xorg",
            "Xwayland",
            "gnome-shell",
            "kwin_wayland",
            "pipewire",
            "wireplumber",
            "pulseaudio",
            "tailscaled",
            "firewalld",
            "sssd",
            "mDNSResponder",
            "rapportd",
            "ControlCenter");

    private static final List<String> SYSTEM_FAMILIES = List.of("systemd-", "containerd-shim");

    /** System users have uids 1 to this by the convention of Linux distributions (SYS_UID_MAX). */
    private static final long LAST_SYSTEM_UID = 999;

    private final long ownUid;
    private final Set<String> ownGroups;

    /**
     * @param ownUid the user that Berth runs as
     * @param ownCgroups Berth's own control groups: being in the same one says nothing about a process
     */
    public HolderClassifier(long ownUid, List<String> ownCgroups) {
        this.ownUid = ownUid;
        this.ownGroups = ownCgroups.stream()
                .flatMap(path -> java.util.stream.Stream.concat(
                        ControlGroup.container(path).stream(), ControlGroup.unit(path).stream()))
                .map(ControlGroup::path)
                .collect(Collectors.toUnmodifiableSet());
    }

    public Origin classify(HolderEvidence evidence) {
        Program process = evidence.process();
        if (process.pid() == 1) {
            return system(evidence, "pid 1, the first process");
        }
        if (evidence.kernelThread()) {
            return system(evidence, "a thread of the kernel");
        }
        if (isOurs(evidence)) {
            return origin(HolderKind.MANAGED, "marker " + evidence.environment().get(HolderEvidence.MARKER));
        }
        return containerProxy(process)
                .or(() -> container(evidence))
                .or(() -> systemProgram(evidence))
                .or(() -> supervised(evidence))
                .or(() -> unit(evidence))
                .or(() -> systemUser(evidence))
                .orElseGet(() -> new Origin(
                        HolderKind.FOREIGN,
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        note(evidence)));
    }

    /** Anybody can set a variable: it counts for processes of Berth's own user, and for root, which starts them for all. */
    private boolean isOurs(HolderEvidence evidence) {
        return evidence.environment().containsKey(HolderEvidence.MARKER) && (ownUid == evidence.uid() || ownUid == 0);
    }

    private static Optional<Origin> containerProxy(Program process) {
        return process.names().stream()
                .filter(CONTAINER_PROXIES::contains)
                .findFirst()
                .map(name -> {
                    String target = argument(process, "-container-ip")
                            .map(ip -> " for the container at " + ip)
                            .orElse(" for a container");
                    return origin(HolderKind.CONTAINER, name + target);
                });
    }

    private Optional<Origin> container(HolderEvidence evidence) {
        return evidence.cgroups().stream()
                .flatMap(path -> ControlGroup.container(path).stream())
                .filter(group -> !ownGroups.contains(group.path()))
                .findFirst()
                .map(group -> new Origin(
                        HolderKind.CONTAINER,
                        Optional.empty(),
                        false,
                        Optional.of(group.name()),
                        Optional.empty(),
                        Optional.of("cgroup " + group.path()),
                        group.manager()));
    }

    private Optional<Origin> systemProgram(HolderEvidence evidence) {
        return evidence.process().names().stream()
                .filter(name -> SYSTEM_PROGRAMS.contains(name)
                        || SYSTEM_FAMILIES.stream().anyMatch(name::startsWith))
                .findFirst()
                .map(name -> system(evidence, name + ", a system program"));
    }

    private Optional<Origin> supervised(HolderEvidence evidence) {
        return Respawners.of(evidence).map(respawner -> {
            Optional<String> program = Optional.ofNullable(
                            evidence.environment().get(HolderEvidence.SUPERVISOR_PROGRAM))
                    .map(name -> "program " + name + " of " + respawner);
            return new Origin(
                    HolderKind.SUPERVISED,
                    Optional.empty(),
                    false,
                    Optional.empty(),
                    Optional.of(respawner),
                    program.or(() -> Optional.of("child of " + respawner)));
        });
    }

    private Optional<Origin> unit(HolderEvidence evidence) {
        return unitOf(evidence)
                .map(unit -> new Origin(
                        HolderKind.UNIT,
                        Optional.of(unit.name()),
                        unit.ofUser(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("cgroup " + unit.path() + "; whether systemd restarts it (Restart=) is not known"),
                        Optional.of(unit.manager())));
    }

    private Optional<Origin> systemUser(HolderEvidence evidence) {
        boolean systemUser = evidence.uid() >= 1 && evidence.uid() <= LAST_SYSTEM_UID;
        return systemUser && evidence.uid() != ownUid
                ? Optional.of(system(evidence, "runs as system user " + evidence.uid()))
                : Optional.empty();
    }

    private Optional<ControlGroup.Unit> unitOf(HolderEvidence evidence) {
        return evidence.cgroups().stream()
                .flatMap(path -> ControlGroup.unit(path).stream())
                .filter(unit -> !ownGroups.contains(unit.path()))
                .findFirst();
    }

    private Origin system(HolderEvidence evidence, String note) {
        Optional<ControlGroup.Unit> unit = unitOf(evidence);
        return new Origin(
                HolderKind.SYSTEM,
                unit.map(ControlGroup.Unit::name),
                unit.map(ControlGroup.Unit::ofUser).orElse(false),
                Optional.empty(),
                Optional.empty(),
                Optional.of(note));
    }

    /** Where a foreign process comes from, for people. */
    private static Optional<String> note(HolderEvidence evidence) {
        Optional<String> ide = evidence.ancestors().stream()
                .flatMap(ancestor -> Ides.nameOf(ancestor).map(name -> name + " (pid " + ancestor.pid() + ")").stream())
                .findFirst();
        if (ide.isPresent()) {
            return Optional.of("started from " + ide.get());
        }
        Map<String, String> environment = evidence.environment();
        if (environment.containsKey(HolderEvidence.NPM_SCRIPT)) {
            return Optional.of("npm script " + environment.get(HolderEvidence.NPM_SCRIPT));
        }
        if (evidence.terminal()) {
            return Optional.of("runs in a terminal");
        }
        boolean orphan = evidence.ancestors().stream()
                .findFirst()
                .filter(parent -> parent.pid() == 1 || parent.comm().equals("systemd"))
                .isPresent();
        return orphan ? Optional.of("orphan: what started it has ended") : Optional.empty();
    }

    private static Optional<String> argument(Program process, String option) {
        int at = process.commandLine().indexOf(option);
        return at >= 0 && at + 1 < process.commandLine().size()
                ? Optional.of(process.commandLine().get(at + 1))
                : Optional.empty();
    }

    private static Origin origin(HolderKind kind, String note) {
        return new Origin(kind, Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.of(note));
    }
}
