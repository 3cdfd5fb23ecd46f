package dev.berth.plan;

import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ServiceSpec;
import java.time.Duration;

/** How things are called towards people, the same in every message. */
final class Words {
    /** A command line in a sentence is cut here; the whole one stands in the conflict. */
    private static final int LONGEST_COMMAND = 120;

    private Words() {}

    static String duration(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + " ms";
        }
        long seconds = millis / 1000;
        return seconds >= 60 && seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
    }

    static String process(ProcessFacts process) {
        String name = BerthIdentity.isBerth(process) ? "Berth" : cut(process.command());
        return name + " (" + process.ref() + ", user " + process.user().display() + ")";
    }

    static String cut(String text) {
        // A command line may hold anything; a message is one line.
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= LONGEST_COMMAND ? line : line.substring(0, LONGEST_COMMAND - 1) + "…";
    }

    /** When a service that sits on another port takes its preferred one again. */
    static String wayHome(ServiceSpec spec, PortKey home, PortKey now, Duration after) {
        String whenStopped =
                "when " + home + " has been free for " + duration(after) + " and nothing of it runs on " + now;
        return switch (spec.returnHome()) {
            case NEVER -> "it stays there (returnHome: never)";
            case ON_RESTART ->
                "it goes home to " + home + (spec.isObserved() ? "" : " with its next restart, or") + " " + whenStopped;
            case WHEN_FREE -> "it goes home to " + home + " " + whenStopped;
        };
    }
}
