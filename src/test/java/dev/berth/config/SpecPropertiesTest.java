package dev.berth.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.Command;
import dev.berth.model.Dependency;
import dev.berth.model.HealthCheckSpec;
import dev.berth.model.PortRange;
import dev.berth.model.Protocol;
import dev.berth.model.ReturnHome;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds for every spec and every input; a failure names its seed. */
class SpecPropertiesTest {
    private static final ServiceKey BACKEND = ServiceKey.parse("backend");
    private static final long SEED = Long.getLong("berth.seed", new Random().nextLong());

    @Test
    void whatIsWrittenIsReadAsTheSame() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            ServiceSpec spec = spec(new Random(SEED + i));
            for (ObjectNode tree : List.of(SpecWriter.full(spec), SpecWriter.brief(spec))) {
                Document document =
                        Documents.readOne(tree.toString().getBytes(StandardCharsets.UTF_8), Documents.Format.JSON);
                Reading<SpecReader.Wanted> reading =
                        new SpecReader(SpecRules.BUILT_IN).read(document.tree(), "backend");
                assertThat(reading)
                        .as("seed %d: %s", SEED + i, tree)
                        .isInstanceOfSatisfying(
                                Reading.Valid.class,
                                valid -> assertThat(((SpecReader.Wanted) valid.value()).spec())
                                        .isEqualTo(spec));
            }
        }
    }

    private static Optional<ServiceSpec> existing(Random random) {
        return random.nextBoolean() ? Optional.of(ServiceSpec.builder().build()) : Optional.empty();
    }

    @Test
    void anyTreeIsReadOrRefusedAndNeverThrows() {
        for (int i = 0; i < 20_000; i++) {
            Random random = new Random(SEED + i);
            JsonNode tree = tree(random, 4);
            Reading<DeclaredService> service = new ServiceReader(SpecRules.BUILT_IN).read(tree, BACKEND);
            Reading<StackFile> stack = StackReader.read(
                    List.of(new Document(tree, Map.of())), SpecRules.BUILT_IN, "default", key -> existing(random));
            for (Reading<?> reading : List.of(service, stack)) {
                if (reading instanceof Reading.Refused<?> refused) {
                    assertThat(refused.faults())
                            .as("seed %d: %s", SEED + i, tree)
                            .isNotEmpty();
                }
            }
        }
    }

    @Test
    void anyTextIsReadOrRefusedAndNeverThrows() {
        String alphabet = "{}[]:,-&*!|>'\"%@`#?~<\\ \n\t0189.eEtrufalsn<=portabc\u0000\ud800é";
        for (int i = 0; i < 20_000; i++) {
            Random random = new Random(SEED + i);
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(40); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            for (Documents.Format format : Documents.Format.values()) {
                assertThat(readable(text.toString(), format))
                        .as("seed %d: %s", SEED + i, text)
                        .isIn(true, false);
            }
        }
    }

    private static boolean readable(String text, Documents.Format format) {
        try {
            return !Documents.readAll(text.getBytes(StandardCharsets.UTF_8), format)
                    .isEmpty();
        } catch (DocumentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return false;
        }
    }

    static ServiceSpec spec(Random random) {
        ServiceSpec.Builder spec = ServiceSpec.builder();
        List<Integer> ports = IntStream.generate(() -> 1 + random.nextInt(65535))
                .distinct()
                .limit(4)
                .boxed()
                .toList();
        if (random.nextBoolean()) {
            spec.port(ports.get(0));
        }
        if (random.nextBoolean()) {
            spec.alternativePorts(ports.subList(1, 1 + random.nextInt(4)));
        }
        if (random.nextBoolean()) {
            int first = 1 + random.nextInt(65535);
            spec.portRange(new PortRange(first, Math.max(1024, first + random.nextInt(65536 - first))));
        }
        if (random.nextBoolean()) {
            spec.host(pick(random, "127.0.0.1", "0.0.0.0", "::1", "::", "localhost", "fe80::1:0:0:1", "192.168.0.7"));
        }
        spec.protocol(pick(random, Protocol.values()));
        if (random.nextBoolean()) {
            spec.processPatterns(List.of(pick(random, "python.*", "node|deno", "^x$"), "é+"));
        }
        if (random.nextBoolean()) {
            spec.command(command(random));
        }
        if (random.nextBoolean()) {
            spec.install(command(random));
        }
        if (random.nextBoolean()) {
            spec.workingDirectory(pick(random, ".", "/srv/x y", "~/app", "${HOME}/x"));
        }
        if (random.nextBoolean()) {
            spec.environment(Map.of("A", pick(random, "", "1", "true", " x\ty\n", "\"'{}"), "_B2", "null"));
        }
        if (random.nextBoolean()) {
            spec.envFile(".env");
        }
        if (random.nextBoolean()) {
            spec.healthCheck(healthCheck(random));
        }
        if (random.nextBoolean()) {
            spec.dependsOn(List.of(new Dependency("database", pick(random, Dependency.Until.values()))));
        }
        if (random.nextBoolean()) {
            spec.strategy(pick(random, "conservative", "aggressive", "intelligent"));
        }
        if (random.nextBoolean()) {
            spec.stopSignal(pick(random, "SIGINT", "SIGTERM"));
        }
        if (!spec.build().isObserved()) {
            spec.replicas(1 + random.nextInt(100));
        }
        return spec.running(random.nextBoolean())
                .critical(random.nextBoolean())
                .autoRestart(random.nextBoolean())
                .maxRestarts(random.nextInt(1001))
                .gracePeriod(Duration.ofMillis(random.nextInt(3_600_001)))
                .returnHome(pick(random, ReturnHome.values()))
                .build();
    }

    private static Command command(Random random) {
        return random.nextBoolean()
                ? new Command.Shell(pick(random, "python3 -m http.server {port}", "a 'b' \"c\" # d"))
                : new Command.Exec(List.of("node", pick(random, "", "8000", "a b", "- x")));
    }

    private static HealthCheckSpec healthCheck(Random random) {
        String kind = pick(random, "http", "tcp", "command");
        boolean http = kind.equals("http");
        String target = http ? "http://localhost:{port}/" : kind.equals("tcp") ? "127.0.0.1:{port}" : "true";
        return new HealthCheckSpec(
                kind,
                target,
                random.nextBoolean() ? Optional.of(Duration.ofMillis(100 + random.nextInt(100_000))) : Optional.empty(),
                Duration.ofSeconds(1 + random.nextInt(100)),
                Duration.ofMinutes(random.nextInt(100)),
                1 + random.nextInt(100),
                1 + random.nextInt(100),
                http ? Optional.of("200-399") : Optional.empty(),
                http && random.nextBoolean() ? Optional.of("ok") : Optional.empty());
    }

    private static JsonNode tree(Random random, int depth) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        switch (random.nextInt(depth > 0 ? 10 : 6)) {
            case 0:
                return make.numberNode(pick(random, 0, -1, 8000, 65536, Integer.MAX_VALUE));
            case 1:
                return make.numberNode(random.nextDouble());
            case 2:
                return make.booleanNode(random.nextBoolean());
            case 3:
                return make.nullNode();
            case 4:
            case 5:
                return make.textNode(
                        pick(random, "", "8000", "9000-1", "10s", "x".repeat(600), "(", "Service", "é", "a"));
            case 6:
                var array = make.arrayNode();
                for (int size = random.nextInt(4); size > 0; size--) {
                    array.add(tree(random, depth - 1));
                }
                return array;
            default:
                ObjectNode object = make.objectNode();
                for (int size = random.nextInt(6); size > 0; size--) {
                    object.set(pick(random, NAMES), tree(random, depth - 1));
                }
                return object;
        }
    }

    private static final String[] NAMES = {
        "port",
        "alternativePorts",
        "alternative_ports",
        "portRange",
        "host",
        "protocol",
        "processPatterns",
        "command",
        "startup_command",
        "workingDirectory",
        "environment",
        "envFile",
        "healthCheck",
        "health_check_url",
        "dependsOn",
        "strategy",
        "running",
        "critical",
        "autoRestart",
        "maxRestarts",
        "gracePeriod",
        "install",
        "replicas",
        "labels",
        "owner",
        "returnHome",
        "kind",
        "apiVersion",
        "metadata",
        "spec",
        "status",
        "items",
        "services",
        "stack",
        "settings",
        "monitoring",
        "conflict_resolution",
        "conflicts",
        "interval",
        "name",
        "http",
        "tcp",
        "service",
        "condition",
        "backend",
        "",
        ".",
        "a[0]",
        "x".repeat(300)
    };

    @SafeVarargs
    private static <T> T pick(Random random, T... values) {
        return values[random.nextInt(values.length)];
    }
}
