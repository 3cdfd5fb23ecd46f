package dev.berth.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceKeyTest {
    @Test
    void aReplicaHasItsServicesNameAndANumber() {
        ServiceKey web = new ServiceKey("shop", "web");
        ServiceKey replica = web.replica(12);

        assertThat(replica).hasToString("shop/web.12");
        assertThat(replica.isReplica()).isTrue();
        assertThat(replica.origin()).isEqualTo(web);
        assertThat(replica.instance()).isEqualTo(12);
        assertThat(replica.replica(3)).as("of the same service").isEqualTo(web.replica(3));
        assertThat(web.isReplica()).isFalse();
        assertThat(web.origin()).isEqualTo(web);
        assertThat(web.instance()).isZero();
        assertThat(ServiceKey.parse("shop/web.12")).isEqualTo(replica);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"web.", ".1", "web.0", "web.01", "web.1000", "web.x", "web.1.2", "Web.1", "web-.1", "web.-1"})
    void nothingElseWithADotIsAName(String name) {
        assertThat(ServiceKey.isName(name)).isFalse();
        assertThatThrownBy(() -> new ServiceKey("default", name)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ServiceKey("a.1", "web")).isInstanceOf(IllegalArgumentException.class);
    }
}
