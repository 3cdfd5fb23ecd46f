package dev.berth.api;

import dev.berth.control.RunRequests;
import dev.berth.model.Condition;
import dev.berth.model.Instances;
import dev.berth.model.Service;
import dev.berth.model.ServiceState;
import dev.berth.plan.Handover;
import dev.berth.plan.RestartGate;

/** Has what was asked of a service come about? Told from what is stored alone. */
enum Settlement {
    UNDER_WAY,
    DONE,
    /** It won't come about by itself. */
    FAILED;

    /** @param considered it has been looked at since it was asked for: what is still open then stays so until something changes */
    static Settlement of(Instances instances, RunRequests.Verb verb, boolean considered) {
        Service service = instances.first();
        if (instances.lasting().stream().anyMatch(each -> isBusy(each, considered))) {
            return UNDER_WAY;
        }
        if (service.spec().isObserved()) {
            return DONE;
        }
        if (verb == RunRequests.Verb.RESTART && instances.lasting().stream().anyMatch(Settlement::isPutOff)) {
            return FAILED;
        }
        ServiceState state = instances.state();
        if (verb == RunRequests.Verb.STOP) {
            boolean nothingRuns = instances.all().stream()
                    .noneMatch(each -> each.status().process().isPresent());
            return nothingRuns && (state == ServiceState.STOPPED || state == ServiceState.FAILED) ? DONE : UNDER_WAY;
        }
        return switch (state) {
            case RUNNING -> DONE;
            case FAILED, BLOCKED -> FAILED;
            // A command that ends with 0 and is not restarted has done what it was started for.
            case STOPPED -> service.status().runOrNone().lastExit().isPresent() ? DONE : UNDER_WAY;
            case PENDING, STARTING, DEGRADED, STOPPING -> UNDER_WAY;
        };
    }

    /** Something of it is not judged, not begun or not ended yet. */
    private static boolean isBusy(Service instance, boolean considered) {
        ServiceState state = instance.status().state();
        boolean cannot = state == ServiceState.FAILED || state == ServiceState.BLOCKED || isPutOff(instance);
        return instance.status().observedGeneration() != instance.metadata().generation()
                // One that is to be stopped meanwhile waits for no start any more.
                || (instance.spec().running()
                        && instance.status().runOrNone().request().isPresent()
                        && !(considered && cannot))
                || instance.status().runOrNone().stop().isPresent()
                // Where it is to have another port than it has: whether it gets that one is found out just now.
                || instance.status()
                        .condition(Condition.HOME_FREE)
                        .filter(free ->
                                free.status() == Condition.Status.UNKNOWN && !(considered && Handover.isLasting(free)))
                        .isPresent();
    }

    /** It runs and can't be restarted: what it lacks does not come by itself. */
    private static boolean isPutOff(Service instance) {
        return instance.status()
                .condition(Condition.UP_TO_DATE)
                .filter(RestartGate::isLasting)
                .isPresent();
    }
}
