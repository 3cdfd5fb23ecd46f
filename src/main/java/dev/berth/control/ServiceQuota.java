package dev.berth.control;

import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** How much one user may declare. Each replica counts: it has a port, a process and a place in every pass of its own. */
public final class ServiceQuota {
    private ServiceQuota() {}

    /**
     * Why so much more is too much. Who has more than the limit already, because it was lowered, keeps it and may make it less.
     *
     * @param uid the user who will own what is new
     * @param wanted by service, how many replicas of it there are to be
     * @param present all services there are
     * @param most the limit
     */
    public static Optional<String> refusal(
            long uid, Map<ServiceKey, Integer> wanted, Collection<Service> present, int most) {
        long before = 0;
        long after = 0;
        for (Service service : present) {
            if (service.metadata().owner().uid() == uid && !service.key().isReplica()) {
                before += service.spec().replicas();
                after += wanted.getOrDefault(service.key(), service.spec().replicas());
            }
        }
        for (Map.Entry<ServiceKey, Integer> each : wanted.entrySet()) {
            boolean isNew = present.stream().noneMatch(service -> service.key().equals(each.getKey()));
            after += isNew ? each.getValue() : 0;
        }
        return after <= most || after <= before
                ? Optional.empty()
                : Optional.of(
                        "that would make " + after + " services of yours, replicas counted, and one user may declare "
                                + most + " (the setting limits.services); you have " + before);
    }
}
