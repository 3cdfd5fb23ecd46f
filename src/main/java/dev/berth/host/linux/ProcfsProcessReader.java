package dev.berth.host.linux;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Processes from {@code /proc}. What a process changes about itself while it is being read (its title, its name) is taken as
 * it came; its identity is compared before and after, so that no facts of two processes are ever mixed.
 */
public final class ProcfsProcessReader implements ProcessReader {
    /** What Linux shows for a uid that has no number in this user namespace; also taken where the uid was denied. */
    private static final long OVERFLOW_UID = 65534;

    private final ProcFiles files;
    private final Ancestry ancestry;
    private final UserNames users;
    private final String bootId;
    private final long bootSeconds;
    private final long ticksPerSecond;
    private final HolderClassifier classifier;

    /**
     * Reads {@code /proc} and {@code /etc/passwd}.
     *
     * @param nanos monotonic nanoseconds
     * @throws IOException when there is no {@code /proc}, or not the one of Linux
     */
    public ProcfsProcessReader(LongSupplier nanos) throws IOException {
        this(Path.of("/proc"), Path.of("/etc/passwd"), nanos);
    }

    ProcfsProcessReader(Path proc, Path passwd, LongSupplier nanos) throws IOException {
        long self = ProcessHandle.current().pid();
        files = new ProcFiles(proc);
        ancestry = new Ancestry.Now(files, self, nanos);
        users = new UserNames(passwd);
        bootId = files.bootId();
        bootSeconds = present(ProcText.bootSeconds(Files.readString(proc.resolve("stat"))), "boot time in /proc/stat");
        ticksPerSecond = ticksPerSecond(proc);
        classifier = new HolderClassifier(uid(self), cgroups(self));
    }

    private ProcfsProcessReader(ProcfsProcessReader like, Ancestry ancestry) {
        files = like.files;
        users = like.users;
        bootId = like.bootId;
        bootSeconds = like.bootSeconds;
        ticksPerSecond = like.ticksPerSecond;
        classifier = like.classifier;
        this.ancestry = ancestry;
    }

    @Override
    public ProcessReader forOneLook() {
        return new ProcfsProcessReader(this, new Ancestry.Once(ancestry));
    }

    static long ticksPerSecond(Path proc) throws IOException {
        return present(
                ProcText.ticksPerSecond(Files.readAllBytes(proc.resolve("self/auxv"))),
                "clock ticks per second in /proc/self/auxv");
    }

    @Override
    public Optional<ProcessRef> identify(long pid) {
        return alive(pid).map(this::ref);
    }

    @Override
    public Optional<Glance> glance(long pid) {
        return alive(pid)
                .map(stat -> new Glance(
                        ref(stat), stat.comm(), stat.parent(), stat.processGroup(), stat.session(), stat.stackStart()));
    }

    @Override
    public Optional<ProcessFacts> read(long pid) {
        Optional<ProcStat> stat = alive(pid);
        if (stat.isEmpty()) {
            return Optional.empty();
        }
        ProcessFacts facts = facts(stat.get());
        return identify(pid).filter(facts.ref()::equals).map(same -> facts);
    }

    private ProcessFacts facts(ProcStat stat) {
        long pid = stat.pid();
        Program process = files.program(stat);
        List<Ancestor> ancestors = new ArrayList<>();
        List<Program> programs = new ArrayList<>();
        for (Ancestry.Above above : ancestry.of(stat)) {
            programs.add(above.program());
            ancestors.add(new Ancestor(
                    ref(above.stat()), above.stat().comm(), above.program().executable()));
        }
        User user = users.of(uid(pid));
        Map<String, String> environment = files.environment(pid)
                .map(text -> ProcText.environment(text, HolderEvidence.VARIABLES))
                .orElse(Map.of());
        HolderEvidence evidence = new HolderEvidence(
                process, programs, user.uid(), stat.isKernelThread(), stat.tty() != 0, cgroups(pid), environment);
        return new ProcessFacts(
                ref(stat),
                user,
                stat.comm(),
                process.commandLine(),
                process.executable(),
                files.link(pid, "cwd"),
                startedAt(stat),
                stat.processGroup(),
                stat.session(),
                ancestors,
                stat.isKernelThread(),
                Optional.ofNullable(environment.get(HolderEvidence.MARKER)),
                classifier.classify(evidence));
    }

    private Optional<ProcStat> alive(long pid) {
        return files.stat(pid).found().filter(stat -> !stat.isZombie());
    }

    private ProcessRef ref(ProcStat stat) {
        return new ProcessRef(stat.pid(), stat.startTicks(), bootId);
    }

    private Instant startedAt(ProcStat stat) {
        long whole = stat.startTicks() / ticksPerSecond;
        long rest = stat.startTicks() % ticksPerSecond;
        return Instant.ofEpochSecond(bootSeconds + whole, rest * 1_000_000_000L / ticksPerSecond);
    }

    private long uid(long pid) {
        return files.text(pid, "status")
                .map(ProcText::effectiveUid)
                .filter(OptionalLong::isPresent)
                .map(OptionalLong::getAsLong)
                .orElse(OVERFLOW_UID);
    }

    private List<String> cgroups(long pid) {
        return files.text(pid, "cgroup").map(HolderEvidence::cgroupPaths).orElse(List.of());
    }

    private static long present(OptionalLong value, String what) throws IOException {
        return value.orElseThrow(() -> new IOException("Berth needs the " + what + ", and could not find it there"));
    }
}
