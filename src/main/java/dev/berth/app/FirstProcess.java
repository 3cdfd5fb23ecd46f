package dev.berth.app;

import dev.berth.host.linux.OrphanReaper;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** What the first process of a container owes to all others: it takes the status of those whose parents have ended. */
@ApplicationScoped
class FirstProcess {
    private static final Logger LOG = Logger.getLogger(FirstProcess.class);

    /** A zombie costs nothing but its pid; at this rhythm thousands a second may come before pids run short. */
    private static final Duration ROUND = Duration.ofSeconds(1);

    private final ScheduledExecutorService reaper = Threads.scheduled("berth-reaper");
    // Only the reaper's thread uses it.
    private String trouble = "";

    void start(@Observes StartupEvent event) {
        if (!System.getProperty("os.name").equals("Linux") || !OrphanReaper.isNeeded()) {
            return;
        }
        LOG.info("Berth is the first process here: it reaps orphans, and ends its services when it is stopped, unless"
                + " onShutdown says otherwise");
        OrphanReaper orphans = new OrphanReaper();
        reaper.scheduleWithFixedDelay(() -> reap(orphans), ROUND.toMillis(), ROUND.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void reap(OrphanReaper orphans) {
        try {
            List<Long> pids = orphans.reap();
            if (!pids.isEmpty()) {
                LOG.debugf("reaped orphans: %s", pids);
            }
            trouble = "";
        } catch (IOException refused) {
            // Once for each reason: a round comes every second.
            if (!trouble.equals(refused.toString())) {
                trouble = refused.toString();
                LOG.warnf("ended processes can't be reaped (%s); they stay zombies until they can", trouble);
            }
        }
    }

    /** Earlier than services are stopped would leave what they orphan. */
    void stop(@Observes @Priority(Integer.MAX_VALUE) ShutdownEvent event) {
        reaper.shutdownNow();
    }
}
