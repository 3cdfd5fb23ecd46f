package dev.berth.host.portable;

import dev.berth.host.HolderClassifier;
import dev.berth.host.HolderEvidence;
import dev.berth.host.HolderEvidence.Program;
import dev.berth.model.Ancestor;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/**
 * Processes by the JDK (identity) and OSHI (everything else). Process groups, sessions and terminals are not told by either:
 * groups and sessions are 0, which no process has.
 */
final class PortableProcesses {
    /** Start times here count from 1970 and not from a boot. */
    static final String EPOCH = "1970";

    /** What systems show for a user without a number; also taken where OSHI gives none. */
    private static final long NOBODY = 65534;

    static final long UNTOLD = 0;

    /** The parent of all kernel threads on Linux. */
    private static final int KTHREADD = 2;

    private final OperatingSystem system;
    private final boolean linux;
    private final HolderClassifier classifier;

    PortableProcesses(OperatingSystem system) {
        this.system = system;
        this.linux = system.getFamily().contains("Linux") || Files.isReadable(Path.of("/proc/self/cgroup"));
        long self = ProcessHandle.current().pid();
        this.classifier =
                new HolderClassifier(find(self).map(PortableProcesses::uid).orElse(NOBODY), cgroups(self));
    }

    Optional<ProcessRef> identify(long pid) {
        return ProcessHandle.of(pid).flatMap(PortableProcesses::ref);
    }

    static Optional<ProcessRef> ref(ProcessHandle handle) {
        return handle.info().startInstant().map(start -> new ProcessRef(handle.pid(), start.toEpochMilli(), EPOCH));
    }

    /** Empty when there is none, or a zombie only. */
    Optional<ProcessFacts> read(long pid) {
        return identify(pid)
                .flatMap(ref -> find(pid).filter(process -> !isZombie(process)).map(process -> facts(ref, process)))
                .filter(facts -> identify(pid).filter(facts.ref()::equals).isPresent());
    }

    boolean isZombie(long pid) {
        return find(pid).filter(PortableProcesses::isZombie).isPresent();
    }

    boolean isKernelThread(long pid) {
        return linux && find(pid).filter(PortableProcesses::isBelowKthreadd).isPresent();
    }

    private ProcessFacts facts(ProcessRef ref, OSProcess process) {
        List<Ancestor> ancestors = new ArrayList<>();
        List<Program> programs = new ArrayList<>();
        Optional<ProcessHandle> next = ProcessHandle.of(ref.pid()).flatMap(ProcessHandle::parent);
        while (next.isPresent()) {
            Optional<ProcessRef> parent = ref(next.get());
            Optional<OSProcess> details = find(next.get().pid());
            if (parent.isEmpty() || details.isEmpty()) {
                break;
            }
            Program program = program(details.get());
            programs.add(program);
            ancestors.add(new Ancestor(parent.get(), program.comm(), program.executable()));
            next = next.get().parent();
        }
        Map<String, String> environment = new HashMap<>(process.getEnvironmentVariables());
        environment.keySet().retainAll(HolderEvidence.VARIABLES);
        Program program = program(process);
        long uid = uid(process);
        boolean kernelThread = linux && isBelowKthreadd(process);
        HolderEvidence evidence =
                new HolderEvidence(program, programs, uid, kernelThread, false, cgroups(ref.pid()), environment);
        return new ProcessFacts(
                ref,
                new User(uid, told(process.getUser())),
                program.comm(),
                program.commandLine(),
                program.executable(),
                told(process.getCurrentWorkingDirectory()),
                Instant.ofEpochMilli(ref.startTicks()),
                UNTOLD,
                UNTOLD,
                ancestors,
                kernelThread,
                Optional.ofNullable(environment.get(HolderEvidence.MARKER)),
                classifier.classify(evidence));
    }

    private Optional<OSProcess> find(long pid) {
        return pid < 1 || pid > Integer.MAX_VALUE
                ? Optional.empty()
                : Optional.ofNullable(system.getProcess((int) pid));
    }

    private static Program program(OSProcess process) {
        return new Program(process.getProcessID(), process.getName(), process.getArguments(), told(process.getPath()));
    }

    static boolean isZombie(OSProcess process) {
        return process.getState() == OSProcess.State.ZOMBIE;
    }

    /** In a container pid 2 is anybody; but whoever was started has arguments. */
    private static boolean isBelowKthreadd(OSProcess process) {
        boolean below = process.getProcessID() == KTHREADD || process.getParentProcessID() == KTHREADD;
        return below && process.getArguments().isEmpty();
    }

    static long uid(OSProcess process) {
        String id = process.getUserID();
        return id != null && id.matches("[0-9]{1,10}") ? Long.parseLong(id) : NOBODY;
    }

    /** OSHI says "unknown" or nothing where it was not told. */
    private static Optional<String> told(String text) {
        return Optional.ofNullable(text).filter(value -> !value.isBlank() && !value.equals("unknown"));
    }

    /** Control groups are a matter of Linux, where a text file tells them. */
    private static List<String> cgroups(long pid) {
        try {
            return HolderEvidence.cgroupPaths(Files.readString(Path.of("/proc", Long.toString(pid), "cgroup")));
        } catch (IOException e) {
            return List.of();
        }
    }
}
