package dev.berth.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Metadata;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceStatus;
import dev.berth.model.User;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ann has web with three replicas and db with one, and Ben has a great many. */
class ServiceQuotaTest {
    private static final User ANN = User.of(1001, "ann");
    private static final User BEN = User.of(1002, "ben");

    private final List<Service> present = List.of(
            service("web", ANN, 3),
            service("web.1", ANN, 3),
            service("web.2", ANN, 3),
            service("db", ANN, 1),
            service("many", BEN, 90));

    private static Service service(String name, User owner, int replicas) {
        return new Service(
                new Metadata(
                        owner.display(),
                        name,
                        "u",
                        Map.of(),
                        Map.of(),
                        owner,
                        List.of(),
                        1,
                        1,
                        Instant.EPOCH,
                        Optional.empty()),
                ServiceSpec.builder().replicas(replicas).build(),
                ServiceStatus.unseen());
    }

    @ParameterizedTest
    @CsvSource({
        // name, replicas, most, allowed
        "new,  1, 5,  true",
        "new,  1, 4,  false",
        "new,  2, 5,  false",
        "web,  4, 5,  true",
        "web,  5, 5,  false",
        // The limit was lowered since.
        "web,  3, 1,  true",
        "web,  2, 1,  true",
        "web,  4, 1,  false",
        "many, 1, 5,  true"
    })
    void eachReplicaCountsAndLessIsAlwaysAllowed(String name, int replicas, int most, boolean allowed) {
        Map<ServiceKey, Integer> wanted = Map.of(new ServiceKey(ANN.display(), name), replicas);
        Optional<String> refusal = ServiceQuota.refusal(ANN.uid(), wanted, present, most);
        assertThat(refusal.isEmpty()).isEqualTo(allowed);
        refusal.ifPresent(words -> assertThat(words).contains("you have 4", Integer.toString(most)));
    }
}
