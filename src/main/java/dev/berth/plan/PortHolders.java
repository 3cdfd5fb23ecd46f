package dev.berth.plan;

import dev.berth.model.ConflictHolder;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.Service;
import java.util.List;

/** Who holds a port, in the planner's own judgement, for those who only ask. */
public final class PortHolders {
    private final HolderView view;

    /**
     * @param services everything that is declared
     * @param installation names Berth's memory, as in its markers
     */
    public PortHolders(List<Service> services, Patterns patterns, String installation) {
        this.view = new HolderView(services, patterns, installation);
    }

    /** @param holders what is known of each holder, a process before those that descend from it */
    public record Judged(ConflictHolder holder, List<ProcessFacts> holders) {}

    /** Judges the holders of these sockets of one port. */
    public Judged of(HostSnapshot look, PortKey port, List<Listener> sockets) {
        Sighting sighting = Sighting.of(look, port, sockets);
        return new Judged(view.of(sighting), sighting.known());
    }

    /** May this process be taken for the service's own: same user, and marked or matched by a pattern? */
    public static boolean isOwn(Service service, ProcessFacts process, Patterns patterns, String installation) {
        return Kinship.isRecognized(service, process, patterns, installation);
    }
}
