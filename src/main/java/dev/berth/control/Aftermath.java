package dev.berth.control;

import dev.berth.model.Ancestor;
import dev.berth.model.Eviction;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.Service;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who took a port after its holders were ended: the service itself, what was ended, or somebody new. Pure. */
final class Aftermath {
    /** Processes that take up orphans: having one of these as parent says nothing about who started whom. */
    private static final Set<String> ADOPT_ORPHANS = Set.of("systemd", "init", "tini", "dumb-init", "catatonit");

    private Aftermath() {}

    /** Who it is. */
    sealed interface Taker {
        record Own(ProcessRef process) implements Taker {}

        /** {@code message} says who is back, {@code by} who restarts it. */
        record CameBack(String by, String message) implements Taker {}

        record Stranger(String description) implements Taker {}

        /** Its owner is still being searched for. */
        record Searching() implements Taker {}
    }

    /** @param sockets what collides now; not empty */
    static Taker judge(
            Eviction eviction,
            List<Listener> sockets,
            HostSnapshot look,
            Optional<Service> service,
            HolderRules rules) {
        Optional<Taker> stranger = Optional.empty();
        for (Listener socket : sockets) {
            if (socket.ownership() instanceof Ownership.Unseen unseen) {
                if (unseen.searching()) {
                    return new Taker.Searching();
                }
                stranger = Optional.of(new Taker.Stranger("somebody who can't be seen: " + unseen.reason()));
                continue;
            }
            for (ProcessRef holder : ((Ownership.Held) socket.ownership()).holders()) {
                ProcessFacts facts = look.processes().get(holder);
                if (service.flatMap(each -> each.status().process())
                        .filter(holder::equals)
                        .isPresent()) {
                    return new Taker.Own(holder);
                }
                if (facts == null) {
                    stranger = Optional.of(new Taker.Stranger(holder.toString()));
                    continue;
                }
                Optional<Taker> back = cameBack(eviction, facts);
                if (back.isPresent()) {
                    return back.get();
                }
                if (service.isPresent() && rules.isOwn(service.get(), facts)) {
                    return new Taker.Own(holder);
                }
                stranger = Optional.of(new Taker.Stranger(EvictionStart.describe(facts)));
            }
        }
        return stranger.orElseThrow();
    }

    private static Optional<Taker> cameBack(Eviction eviction, ProcessFacts facts) {
        Optional<Ancestor> parent = facts.ancestors().stream().findFirst();
        for (Eviction.Target target : eviction.targets()) {
            if (target.process().equals(facts.ref())) {
                continue;
            }
            boolean sameCommand = target.command().equals(facts.command());
            boolean sameParent = parent.isPresent()
                    && target.parent().filter(parent.get().ref()::equals).isPresent()
                    && parent.get().ref().pid() != 1
                    && !ADOPT_ORPHANS.contains(parent.get().comm());
            boolean sameRespawner = target.respawner().isPresent()
                    && target.respawner().equals(facts.origin().respawner());
            if (sameCommand || sameParent || sameRespawner) {
                String by = facts.origin()
                        .respawner()
                        .or(target::respawner)
                        .or(() -> parent.map(each -> each.comm() + " (" + each.ref() + ")"))
                        .orElse("an unknown parent");
                return Optional.of(new Taker.CameBack(
                        by,
                        "port " + eviction.port() + " was taken again by " + EvictionStart.describe(facts)
                                + ", restarted by " + by));
            }
        }
        return Optional.empty();
    }
}
