package dev.berth.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InstancesTest {
    private static final List<Service> ALL = Stream.of(
                    "shop/web",
                    "shop/web.1",
                    "shop/web.2",
                    "shop/web.10",
                    "shop/web-2",
                    "shop/web-2.1",
                    "shop/we",
                    "shop/we.3",
                    "shop/api",
                    "shop/api.1",
                    "blog/web",
                    "blog/web.4")
            .map(InstancesTest::service)
            .toList();

    @Test
    void theReplicasOfAServiceAreThoseOfItsNameInItsNamespaceByNumber() {
        assertThat(replicasOf("shop/web"))
                .as("neither those of a name that begins or ends alike, nor of another namespace, and 10 after 2")
                .containsExactly("shop/web.1", "shop/web.2", "shop/web.10");
        assertThat(replicasOf("shop/web-2")).containsExactly("shop/web-2.1");
        assertThat(replicasOf("shop/we")).containsExactly("shop/we.3");
        assertThat(replicasOf("blog/web")).containsExactly("blog/web.4");
    }

    @Test
    void aServiceWithoutReplicasAndAReplicaItselfHaveNone() {
        List<Service> without = ALL.stream()
                .filter(each -> !each.key().origin().equals(ServiceKey.parse("shop/api")))
                .toList();
        assertThat(Instances.of(service("shop/api"), without).all())
                .extracting(Service::key)
                .containsExactly(ServiceKey.parse("shop/api"));
        assertThat(replicasOf("shop/web.1")).as("web.10 is no replica of web.1").isEmpty();
    }

    private static List<String> replicasOf(String key) {
        List<Service> shuffled = new ArrayList<>(ALL);
        Collections.shuffle(shuffled, new Random(1));
        return Instances.of(service(key), shuffled).replicas().stream()
                .map(each -> each.key().toString())
                .toList();
    }

    private static Service service(String key) {
        ServiceKey parsed = ServiceKey.parse(key);
        Metadata metadata = new Metadata(
                parsed.namespace(),
                parsed.name(),
                "uid-" + key,
                Map.of(),
                Map.of(),
                new User(1000, Optional.of("ann")),
                List.of(),
                1,
                1,
                Instant.EPOCH,
                Optional.empty());
        return new Service(metadata, ServiceSpec.guarding(8000), ServiceStatus.unseen());
    }
}
