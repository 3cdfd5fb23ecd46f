package dev.berth.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.berth.model.Condition;
import dev.berth.model.Condition.Status;
import dev.berth.model.Instances;
import dev.berth.model.Service;
import dev.berth.model.ServiceState;
import dev.berth.model.ServiceStatus;
import dev.berth.report.Availability;
import dev.berth.store.StoredSamples;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What a program wrote, or was told, reaches nobody but its owner and administrators, in whichever condition it is quoted. */
class OpenWordsTest {
    private static final Instant NOW = Instant.parse("2025-03-01T00:00:00Z");
    private static final String SECRET = "hunter2-51c9";
    private static final ObjectMapper JSON = new ObjectMapper().registerModule(new Jdk8Module());

    @Test
    void aQuotedLineIsWithheldInEveryForm() throws Exception {
        for (Condition quoting : List.of(
                condition(Condition.READY, Status.FALSE, "HealthCheckFailed"),
                condition(Condition.READY, Status.TRUE, "HealthCheckPassed"),
                condition(Condition.READY, Status.FALSE, "Starting"),
                condition(Condition.READY, Status.FALSE, "NotRunning"),
                condition(Condition.STARTED, Status.FALSE, "GaveUp"),
                condition(Condition.WAITING, Status.TRUE, "WaitingForDependency"),
                condition("OfAPlugin", Status.FALSE, "NobodyKnows"))) {
            Instances instances = service(quoting);

            assertThat(all(instances, false)).as(quoting.toString()).doesNotContain(SECRET);
            assertThat(all(instances, true)).as(quoting.toString()).contains(SECRET);
        }
    }

    @Test
    void whatIsWithheldIsSaidToBeWithItsReason() {
        Instances failing = service(condition(Condition.READY, Status.FALSE, "HealthCheckFailed"));

        assertThat(ServiceView.why(failing, false)).isEqualTo("HealthCheckFailed (withheld)");
        assertThat(GlanceMethods.HealthAnswer.of(failing, false).detail()).isEqualTo("HealthCheckFailed (withheld)");
    }

    @Test
    void berthsOwnWordsAreForEverybody() {
        Instances listening = service(
                new Condition(Condition.READY, Status.TRUE, "Listening", "python3 (pid 4) listens on port 8000", NOW));

        assertThat(GlanceMethods.HealthAnswer.of(listening, false).detail()).contains("listens on port 8000");
    }

    @Test
    void whyItWasDownIsWithheldToo() {
        Availability past =
                Availability.of(List.of(new Availability.Change(NOW, true, false, SECRET)), NOW, NOW.plusSeconds(60));

        assertThat(AvailabilityView.of(past, false).latest()).hasSize(1);
        assertThat(AvailabilityView.of(past, false).toString()).doesNotContain(SECRET);
        assertThat(AvailabilityView.of(past, true).toString()).contains(SECRET);
    }

    /** Every form in which a service is shown. */
    private static String all(Instances instances, boolean full) throws Exception {
        return JSON.writeValueAsString(ServiceView.of(instances, Optional.empty(), full))
                + ServiceView.reply(instances, Optional.empty(), full).text().get()
                + ServiceView.table(List.of(instances), each -> full)
                + ServiceView.table(List.of(instances), each -> Optional.empty(), each -> full)
                + GlanceMethods.HealthAnswer.of(instances, full);
    }

    private static Condition condition(String type, Status status, String reason) {
        return new Condition(type, status, reason, "it said: " + SECRET, NOW);
    }

    private static Instances service(Condition condition) {
        Service sample = StoredSamples.service("web");
        return new Instances(
                sample.withStatus(new ServiceStatus(
                        ServiceState.DEGRADED, OptionalInt.of(8000), Optional.empty(), 0, 1, List.of(condition))),
                List.of());
    }
}
