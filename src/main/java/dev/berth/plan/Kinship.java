package dev.berth.plan;

import dev.berth.model.Marker;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.Service;
import java.util.Optional;

/** How processes relate to a service. Another user's process is never its own, whatever it says of itself. */
final class Kinship {
    private Kinship() {}

    /** Is it the recorded process, or below it? */
    static boolean isRecorded(Service service, ProcessRef process, Optional<ProcessFacts> facts) {
        Optional<ProcessRef> recorded = service.status().process();
        return recorded.isPresent()
                && (recorded.orElseThrow().equals(process)
                        || facts.filter(known -> known.descendsFrom(recorded.orElseThrow()))
                                .isPresent());
    }

    /**
     * Same user, and it carries the service's marker of this Berth or matches one of its patterns. A token that is limited to
     * its own writes no pattern for what others started.
     */
    static boolean isRecognized(Service service, ProcessFacts process, Patterns patterns, String installation) {
        return isSameUser(service, process)
                && (isMarked(service, process, installation)
                        || !service.isLimitedToOwn()
                                && patterns.anyFound(service.spec().processPatterns(), process.searched()));
    }

    static boolean isMarked(Service service, ProcessFacts process, String installation) {
        return process.marker().isPresent()
                && process.marker().orElseThrow().equals(Marker.of(service.key(), installation));
    }

    static boolean isSameUser(Service service, ProcessFacts process) {
        return service.metadata().owner().uid() == process.user().uid();
    }
}
