package dev.berth.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.berth.model.ServiceKey;
import dev.berth.testing.Gen;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which address a service may bind in a container or on a shared machine: what {@code bindHosts} says, however it is spelt. */
class BindHostsPropertyTest {
    /** Each with another spelling of the same address. */
    private static final List<List<String>> ADDRESSES = List.of(
            List.of("127.0.0.1", "127.0.0.1"),
            List.of("0.0.0.0", "0.0.0.0"),
            List.of("::1", "0:0:0:0:0:0:0:1"),
            List.of("::", "0:0:0:0:0:0:0:0"),
            List.of("10.0.0.5", "10.0.0.5"),
            List.of("fd00::5", "FD00:0:0::0005"));

    @Test
    void aServiceBindsWhatIsAllowedAndNothingElse() {
        Gen.check(2_000, gen -> {
            List<String> allowed = gen.list(0, 3, () -> gen.oneOf(ADDRESSES).get(0)).stream()
                    .distinct()
                    .toList();
            List<String> spellings = gen.oneOf(ADDRESSES);
            Reading<DeclaredService> reading = new ServiceReader(
                            new SpecRules(Set.of(), Set.of(), allowed, Optional.empty()))
                    .read(
                            JsonNodeFactory.instance.objectNode().put("host", gen.oneOf(spellings)),
                            ServiceKey.parse("default/web"));
            if (allowed.isEmpty() || allowed.contains(spellings.get(0))) {
                assertThat(((Reading.Valid<DeclaredService>) reading)
                                .value()
                                .spec()
                                .host())
                        .hasValue(spellings.get(0));
            } else {
                assertThat(((Reading.Refused<DeclaredService>) reading).faults())
                        .singleElement()
                        .satisfies(fault -> assertThat(fault.field()).isEqualTo("host"));
            }
        });
    }
}
