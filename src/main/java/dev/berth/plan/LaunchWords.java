package dev.berth.plan;

import dev.berth.model.Condition;
import dev.berth.model.Launch;
import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import dev.berth.model.ServiceStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What is true of a service from the moment its process was started: in the words of the passes that follow. */
public final class LaunchWords {
    private LaunchWords() {}

    /** The status, saying that the launch's process runs. */
    public static ServiceStatus started(ServiceStatus status, Protocol protocol, Launch launch, Instant now) {
        if (launch.step() != Launch.Step.SERVICE || launch.port().isEmpty()) {
            return status;
        }
        Condition started = Fitness.started(new PortKey(protocol, launch.port().getAsInt()), now);
        List<Condition> conditions = new ArrayList<>();
        for (Condition each : status.conditions()) {
            conditions.add(each.type().equals(started.type()) ? started : each);
        }
        return new ServiceStatus(
                status.state(),
                status.port(),
                status.process(),
                status.restarts(),
                status.observedGeneration(),
                conditions,
                status.run());
    }
}
