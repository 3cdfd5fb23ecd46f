package dev.berth.sim;

import dev.berth.model.Ancestor;
import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What can be read on the simulated machine by a user: processes and sockets, as records. Facts are cached. */
final class Sight {
    private final Machine machine;
    private final BerthProcess berth;
    private final Map<ProcessRef, ProcessFacts> facts = new LinkedHashMap<>();
    private long factsOf;
    /** Until then /proc is closed even for one's own; monotonic nanoseconds. */
    long deniedUntil;

    Sight(Machine machine, BerthProcess berth) {
        this.machine = machine;
        this.berth = berth;
    }

    boolean denied() {
        return deniedUntil > machine.time.monotonic();
    }

    boolean maySee(SimProcess process) {
        return !denied() && berth.maySee(process);
    }

    Listener listener(SimSocket socket, boolean patient) {
        return new Listener(
                socket.protocol,
                socket.address,
                socket.port,
                socket.dualStack,
                socket.uid,
                socket.cookie,
                OptionalLong.of(socket.inode),
                ownership(socket, patient));
    }

    private Ownership ownership(SimSocket socket, boolean patient) {
        if (socket.ownerless) {
            return new Ownership.Unseen("no process of this pid namespace has it open", false);
        }
        if (!patient && socket.searchedUntil > machine.time.monotonic()) {
            return new Ownership.Unseen("not found yet", true);
        }
        List<ProcessRef> holders = new ArrayList<>();
        for (SimProcess process : socket.holders) {
            if (maySee(process)) {
                holders.add(process.ref);
            }
        }
        return holders.isEmpty()
                ? new Ownership.Unseen("the descriptors of uid " + socket.uid + " may not be read", false)
                : new Ownership.Held(holders);
    }

    Optional<ProcessFacts> facts(ProcessRef ref) {
        return machine.find(ref).filter(SimProcess::alive).map(this::facts);
    }

    ProcessFacts facts(SimProcess process) {
        if (factsOf != machine.ancestryVersion()) {
            facts.clear();
            factsOf = machine.ancestryVersion();
        }
        return facts.computeIfAbsent(process.ref, ref -> read(process));
    }

    private ProcessFacts read(SimProcess process) {
        List<Ancestor> ancestors = new ArrayList<>();
        for (Optional<SimProcess> up = process.parent; up.isPresent(); up = up.orElseThrow().parent) {
            SimProcess above = up.orElseThrow();
            ancestors.add(new Ancestor(
                    above.ref,
                    above.program.comm(),
                    Optional.of(above.program.commandLine().get(0))));
        }
        boolean open = berth.maySee(process);
        return new ProcessFacts(
                process.ref,
                Users.of(process.uid),
                process.program.comm(),
                process.kernelThread ? List.of() : process.program.commandLine(),
                open ? Optional.of(process.program.commandLine().get(0)) : Optional.empty(),
                open ? Optional.of("/home/" + Users.of(process.uid).display()) : Optional.empty(),
                VirtualTime.BOOT.plusMillis(process.ref.startTicks() * 10),
                process.pid(),
                process.pid(),
                ancestors,
                process.kernelThread,
                open ? process.marker : Optional.empty(),
                process.origin);
    }
}
