package dev.berth.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.host.ObservationException;
import dev.berth.model.Command;
import dev.berth.model.Completeness;
import dev.berth.model.HealthCheckSpec;
import dev.berth.model.HealthReading;
import dev.berth.model.HealthReading.Verdict;
import dev.berth.model.HostSnapshot;
import dev.berth.model.LimitReading;
import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.ProcessRef;
import dev.berth.model.Protocol;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceState;
import dev.berth.model.ServiceStatus;
import dev.berth.plan.Policy;
import dev.berth.store.ChangeSet;
import dev.berth.store.JournalRegistry;
import dev.berth.store.MemoryStore;
import dev.berth.store.StoreException;
import dev.berth.store.StoredSamples;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CalmTest {
    private static final ServiceKey SHOP = new ServiceKey("default", "shop");
    private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");
    private static final Listener STRANGER = new Listener(
            Protocol.TCP,
            "127.0.0.1",
            9000,
            false,
            0,
            1,
            OptionalLong.of(1),
            new Ownership.Unseen("nobody was found", false));

    private final JournalRegistry registry = open();
    private Optional<HostSnapshot> look = Optional.of(look(START, List.of(STRANGER)));
    private boolean uneasy;
    private Policy policy = Policy.defaults();
    private HealthReading reading = reading(Verdict.PASSING, "200", 1);
    private Optional<LimitReading> limits = Optional.empty();
    private Duration now = Duration.ZERO;

    private final Calm calm = new Calm(
            registry,
            () -> look,
            () -> uneasy,
            key -> policy,
            (key, launch) -> Optional.of(reading),
            service -> limits,
            () -> now.toNanos());

    private static JournalRegistry open() {
        try {
            return JournalRegistry.open(new MemoryStore(), () -> START, () -> 0, Runnable::run);
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    private static HostSnapshot look(Instant at, List<Listener> listeners) {
        return new HostSnapshot(listeners, Map.of(), at, Completeness.full());
    }

    private static HealthReading reading(Verdict verdict, String detail, int inARow) {
        return new HealthReading(verdict, detail, Duration.ofMillis(inARow), START.plusSeconds(inARow), inARow);
    }

    @BeforeEach
    void aServiceRuns() throws Exception {
        put(service("shop", Optional.empty()));
        passWithoutChange();
        assertThat(calm.lasts(SHOP)).isTrue();
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private static Service service(String name, Optional<HealthCheckSpec> check) {
        Service sample = StoredSamples.service(name);
        ServiceSpec.Builder spec = sample.spec().toBuilder().command(new Command.Shell("serve"));
        check.ifPresent(spec::healthCheck);
        return new Service(
                sample.metadata(),
                spec.build(),
                new ServiceStatus(
                        ServiceState.RUNNING,
                        OptionalInt.empty(),
                        Optional.of(new ProcessRef(100, 1, "boot")),
                        0,
                        1,
                        List.of(),
                        Optional.empty()));
    }

    private void checkedBy(HealthCheckSpec check) throws Exception {
        Service before = registry.service(SHOP).orElseThrow();
        put(new Service(
                before.metadata(), before.spec().toBuilder().healthCheck(check).build(), before.status()));
        passWithoutChange();
    }

    private void put(Service service) throws Exception {
        registry.commit(ChangeSet.builder().put(service).build());
    }

    private void passWithoutChange() throws Exception {
        calm.watch(SHOP, Optional::empty);
    }

    @Test
    void itLastsWhileOnlyTimesAndCountsChange() {
        look = Optional.of(look(START.plusSeconds(60), List.of(STRANGER)));
        reading = reading(Verdict.PASSING, "200", 7);
        now = Calm.BELIEVED.minusNanos(1);
        assertThat(calm.lasts(SHOP)).isTrue();
    }

    /** What was seen once to be different is not kept, to be compared with again. */
    @Test
    void whatChangedAndChangedBackGetsAPass() throws Exception {
        look = Optional.of(look(START, List.of()));
        assertThat(calm.lasts(SHOP)).isFalse();

        look = Optional.of(look(START, List.of(STRANGER)));

        assertThat(calm.lasts(SHOP)).isFalse();
        passWithoutChange();
        assertThat(calm.lasts(SHOP)).isTrue();
    }

    @Test
    void nothingIsBelievedForEver() {
        now = Calm.BELIEVED;
        assertThat(calm.lasts(SHOP)).isFalse();
    }

    @Test
    void aSocketAnywhereEndsIt() {
        look = Optional.of(look(START, List.of()));
        assertThat(calm.lasts(SHOP)).isFalse();
    }

    @Test
    void aCommitOfAnythingEndsIt() throws Exception {
        put(service("other", Optional.empty()));
        assertThat(calm.lasts(SHOP)).isFalse();
    }

    @Test
    void anotherSettingEndsIt() {
        policy = new Policy(
                policy.autoResolve(),
                policy.strategy(),
                policy.allowMigration(),
                policy.preserveForeign(),
                policy.maxAlternatives(),
                policy.homeAfter().plusSeconds(1),
                policy.stopOwners(),
                policy.respawnWatch(),
                policy.reserved(),
                policy.range(),
                policy.ephemeral(),
                policy.protectedProcesses(),
                policy.protectedPorts(),
                policy.confirm());
        assertThat(calm.lasts(SHOP)).isFalse();
    }

    @Test
    void whatItsHealthCheckSaysEndsIt() {
        reading = reading(Verdict.FAILING, "200", 1);
        assertThat(calm.lasts(SHOP)).isFalse();
        reading = reading(Verdict.PASSING, "204", 1);
        assertThat(calm.lasts(SHOP)).isFalse();
    }

    @Test
    void anExceededThresholdEndsIt() {
        limits = Optional.of(new LimitReading(LimitReading.Verdict.EXCEEDED, "CpuExceeded", "uses too much", true));
        assertThat(calm.lasts(SHOP)).isFalse();
    }

    @Test
    void whatIsUnderWayEndsIt() {
        uneasy = true;
        assertThat(calm.lasts(SHOP)).isFalse();
    }

    @Test
    void itDoesNotBeginWithAPassThatChangedSomething() throws Exception {
        calm.watch(SHOP, () -> {
            registry.commit(ChangeSet.builder()
                    .put(StoredSamples.restarted(registry.service(SHOP).orElseThrow()))
                    .build());
            return Optional.empty();
        });
        assertThat(calm.lasts(SHOP)).isFalse();
    }

    @Test
    void itDoesNotBeginWithAPassThatLookedAtMore() throws Exception {
        calm.watch(SHOP, () -> {
            calm.disturb(SHOP);
            return Optional.empty();
        });
        assertThat(calm.lasts(SHOP)).isFalse();

        passWithoutChange();
        assertThat(calm.lasts(SHOP)).isTrue();
    }

    @Test
    void itEndsWithAPassThatBrokeOff() {
        assertThatThrownBy(() -> calm.watch(SHOP, () -> {
                    throw new ObservationException("nothing could be seen");
                }))
                .isInstanceOf(ObservationException.class);
        assertThat(calm.lasts(SHOP)).isFalse();
    }

    @Test
    void aCheckThatRunsInTheServicesSurroundingsIsNeverCalm() throws Exception {
        checkedBy(HealthCheckSpec.http("http://localhost:8000/"));
        assertThat(calm.lasts(SHOP)).isTrue();

        checkedBy(new HealthCheckSpec(
                "command",
                "true",
                Optional.empty(),
                Duration.ofSeconds(2),
                Duration.ZERO,
                3,
                1,
                Optional.empty(),
                Optional.empty()));
        assertThat(calm.lasts(SHOP)).isFalse();
    }
}
