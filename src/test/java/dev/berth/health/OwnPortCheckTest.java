package dev.berth.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.HealthCheckSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On a shared machine a check goes to the service's own port on loopback, or nowhere. */
class OwnPortCheckTest {
    private static final int OWN = 8000;

    private final List<String> followed = new ArrayList<>();

    private HealthCheck recording(String kind) {
        return new HealthCheck() {
            @Override
            public String kind() {
                return kind;
            }

            @Override
            public Result check(HealthCheckSpec spec, Context context) {
                followed.add(spec.target());
                return new Result(true, "200", Duration.ZERO);
            }
        };
    }

    private HealthCheck.Result check(String kind, String target, OptionalInt port) {
        HealthCheck check =
                kind.equals("http") ? OwnPortCheck.http(recording(kind)) : OwnPortCheck.tcp(recording(kind));
        assertThat(check.kind()).isEqualTo(kind);
        return check.check(
                Specs.of(kind, target, Duration.ofSeconds(1)),
                new HealthCheck.Context(Map.of(), Optional.empty(), Optional.empty(), port));
    }

    @ParameterizedTest
    @CsvSource({
        "http,http://localhost:8000/",
        "http,http://127.0.0.1:8000/health?deep=1",
        "http,https://[::1]:8000/",
        "http,http://0.0.0.0:8000/",
        "http,http://web.localhost:8000/",
        "tcp,8000",
        "tcp,127.0.0.1:8000",
        "tcp,[::1]:8000"
    })
    void itsOwnPortOnLoopbackIsLookedAt(String kind, String target) {
        assertThat(check(kind, target, OptionalInt.of(OWN)).healthy()).isTrue();
        assertThat(followed).containsExactly(target);
    }

    @ParameterizedTest
    @CsvSource({
        "http,http://localhost:8001/",
        "http,http://localhost/",
        "http,https://localhost/",
        "http,http://169.254.169.254:8000/latest/meta-data/",
        "http,http://192.168.1.1:8000/",
        "http,http://intranet:8000/",
        "http,http://localhost.evil.example:8000/",
        "http,http://localhost:8000@evil.example:8000/",
        "http,http://127.0.0.1.nip.io:8000/",
        "http,http://[2001:db8::1]:8000/",
        "http,http://[::ffff:10.0.0.1]:8000/",
        "http,http://2130706433:8000/",
        "http,http://0x7f.1:8000/",
        "tcp,22",
        "tcp,10.0.0.1:8000",
        "tcp,intranet:8000"
    })
    void nothingElseIs(String kind, String target) {
        HealthCheck.Result result = check(kind, target, OptionalInt.of(OWN));

        assertThat(result.healthy()).isFalse();
        assertThat(followed).as("no connection, no lookup").isEmpty();
        assertThat(result.detail()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"http,http://localhost:8000/", "tcp,8000"})
    void withoutAPortOfItsOwnNothingIs(String kind, String target) {
        assertThat(check(kind, target, OptionalInt.empty()).healthy()).isFalse();
        assertThat(followed).isEmpty();
    }
}
