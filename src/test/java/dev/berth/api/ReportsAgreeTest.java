package dev.berth.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Actor;
import dev.berth.model.AuditEntry;
import dev.berth.model.AuditRecord;
import dev.berth.model.Command;
import dev.berth.model.Condition;
import dev.berth.model.Conflict;
import dev.berth.model.ObjectRef;
import dev.berth.model.Outcome;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceStatus;
import dev.berth.model.StoredObject;
import dev.berth.report.Availability;
import dev.berth.report.ConflictReport;
import dev.berth.store.ChangeSet;
import dev.berth.store.JournalRegistry;
import dev.berth.store.MemoryStore;
import dev.berth.store.Store;
import dev.berth.store.StoredSamples;
import dev.berth.testing.Gen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Random histories: what the reports add up is what the audit log says, and what a count second by second finds. */
class ReportsAgreeTest {
    private static final Instant BEGIN = Instant.parse("2025-03-01T00:00:00Z");
    private static final List<String> NAMES = List.of("web", "api", "database");
    private static final int SECONDS = 2000;

    /** One machine's history, written as the loop writes it, and noted second by second as it happens. */
    private static final class Life implements AutoCloseable {
        private final Gen gen;
        private final MemoryStore store = new MemoryStore();
        private final JournalRegistry registry;
        private final Map<ServiceKey, boolean[]> wanted = new HashMap<>();
        private final Map<ServiceKey, boolean[]> ready = new HashMap<>();
        private final List<Conflict> open = new ArrayList<>();
        private int second;
        private int conflicts;

        Life(Gen gen) throws Exception {
            this.gen = gen;
            registry = JournalRegistry.open(
                    store, () -> BEGIN.plusSeconds(second), () -> second * 1_000_000_000L, Runnable::run);
            for (second = 0; second < SECONDS; second++) {
                if (gen.number(0, 7) == 0) {
                    step();
                }
                note();
            }
        }

        private void note() {
            for (String name : NAMES) {
                ServiceKey key = ServiceKey.parse(name);
                Optional<Service> service = registry.service(key);
                wanted.computeIfAbsent(key, any -> new boolean[SECONDS])[second] =
                        service.filter(each -> each.spec().running()).isPresent();
                ready.computeIfAbsent(key, any -> new boolean[SECONDS])[second] = service.flatMap(
                                each -> each.status().condition(Condition.READY))
                        .filter(each -> each.status() == Condition.Status.TRUE)
                        .isPresent();
            }
        }

        private void step() throws Exception {
            String name = gen.oneOf(NAMES);
            Optional<Service> service = registry.service(ServiceKey.parse(name));
            int what = gen.number(0, 7);
            if (what == 0) {
                detect(name);
            } else if (what == 1 && !open.isEmpty()) {
                resolve();
            } else if (service.isEmpty()) {
                Service sample = StoredSamples.service(name);
                commit(
                        new Service(
                                sample.metadata(),
                                sample.spec().toBuilder()
                                        .command(new Command.Shell("true"))
                                        .build(),
                                sample.status()),
                        entry("ServiceDeclared", name, Optional.empty(), Outcome.SUCCEEDED));
            } else if (what == 2) {
                registry.commit(ChangeSet.builder()
                        .delete(service.get())
                        .audit(entry("ServiceDeleted", name, Optional.empty(), Outcome.SUCCEEDED))
                        .build());
            } else if (what == 3) {
                Service old = service.get();
                commit(
                        new Service(
                                old.metadata(),
                                old.spec().toBuilder()
                                        .running(!old.spec().running())
                                        .build(),
                                old.status()),
                        entry("ServiceDeclared", name, Optional.empty(), Outcome.SUCCEEDED));
            } else {
                boolean up = gen.chance(50);
                commit(
                        service.get().withStatus(status(service.get(), up)),
                        entry(up ? "ProcessStarted" : "ProcessExited", name, Optional.empty(), Outcome.SUCCEEDED));
            }
        }

        private ServiceStatus status(Service service, boolean up) {
            ServiceStatus old = service.status();
            return new ServiceStatus(
                    old.state(),
                    old.port(),
                    old.process(),
                    old.restarts(),
                    old.observedGeneration(),
                    List.of(new Condition(
                            Condition.READY,
                            up ? Condition.Status.TRUE : Condition.Status.FALSE,
                            "Test",
                            "second " + second,
                            BEGIN.plusSeconds(second))));
        }

        private void detect(String name) throws Exception {
            String id = String.format("C%05d", conflicts++);
            Conflict made =
                    StoredSamples.conflict(id, "default/" + name, gen.number(8000, 8003), BEGIN.plusSeconds(second));
            open.add((Conflict) commit(made, ofConflict("ConflictDetected", made)));
        }

        private void resolve() throws Exception {
            Conflict closing = open.remove(gen.number(0, open.size() - 1));
            commit(
                    closing.closed(Conflict.State.RESOLVED, BEGIN.plusSeconds(second)),
                    ofConflict("ConflictResolved", closing));
        }

        private StoredObject commit(StoredObject object, AuditEntry entry) throws Exception {
            return registry.commit(ChangeSet.builder().put(object).audit(entry).build())
                    .get(0);
        }

        private AuditEntry ofConflict(String action, Conflict conflict) {
            return new AuditEntry(
                    BEGIN.plusSeconds(second),
                    Actor.CONTROLLER,
                    action,
                    AuditEntry.Target.port(conflict.port()),
                    "",
                    Outcome.SUCCEEDED,
                    "",
                    Optional.of(conflict.service()),
                    Optional.of(conflict.id()),
                    Optional.empty());
        }

        private AuditEntry entry(String action, String name, Optional<String> conflict, Outcome outcome) {
            ServiceKey key = ServiceKey.parse(name);
            return new AuditEntry(
                    BEGIN.plusSeconds(second),
                    Actor.CONTROLLER,
                    action,
                    AuditEntry.Target.service(key),
                    "",
                    outcome,
                    "",
                    Optional.of(key),
                    conflict,
                    Optional.empty());
        }

        List<AuditRecord> audit(String action, int from, int to) throws Exception {
            return store
                    .audit(new Store.AuditQuery(
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(action),
                            Optional.empty(),
                            Optional.of(BEGIN.plusSeconds(from)),
                            OptionalLong.empty(),
                            SECONDS))
                    .stream()
                    .filter(each -> each.entry().at().isBefore(BEGIN.plusSeconds(to)))
                    .toList();
        }

        @Override
        public void close() {
            registry.close();
        }
    }

    private static <K extends Comparable<K>> Map<K, Integer> counted(
            List<AuditRecord> records, Function<AuditEntry, K> key) {
        return records.stream()
                .collect(Collectors.groupingBy(
                        each -> key.apply(each.entry()), TreeMap::new, Collectors.summingInt(each -> 1)));
    }

    private interface Property {
        void holds(Life life, int from, int to) throws Exception;
    }

    /** For any history and any period of it. */
    private static void forAll(Property property) {
        Gen.check(30, gen -> {
            try (Life life = new Life(gen)) {
                int from = gen.number(0, SECONDS - 1);
                property.holds(life, from, gen.number(from + 1, SECONDS));
            } catch (Exception broken) {
                throw new AssertionError(broken);
            }
        });
    }

    @Test
    void theConflictReportIsWhatTheAuditLogSays() {
        forAll((life, from, to) -> {
            List<Conflict> found = life
                    .store
                    .conflicts(new Store.ConflictQuery(
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(BEGIN.plusSeconds(from)),
                            SECONDS))
                    .stream()
                    .filter(each -> each.detectedAt().isBefore(BEGIN.plusSeconds(to)))
                    .toList();
            ConflictReport report = ConflictReport.of(found);
            List<AuditRecord> detected = life.audit("ConflictDetected", from, to);
            assertThat(report.total()).isEqualTo(detected.size());
            assertThat(report.ports().stream()
                            .collect(
                                    Collectors.toMap(each -> each.port().toString(), ConflictReport.OfPort::conflicts)))
                    .isEqualTo(counted(detected, entry -> entry.target().name()));
            assertThat(report.services().stream()
                            .collect(Collectors.toMap(
                                    ConflictReport.OfService::service, ConflictReport.OfService::conflicts)))
                    .isEqualTo(counted(detected, entry -> entry.service().orElseThrow()));
            assertThat(report.holders().stream()
                            .mapToInt(ConflictReport.OfHolder::conflicts)
                            .sum())
                    .isEqualTo(report.total());
            List<String> ids = detected.stream()
                    .map(each -> each.entry().conflict().orElseThrow())
                    .toList();
            long resolved = life.audit("ConflictResolved", 0, SECONDS).stream()
                    .filter(each -> ids.contains(each.entry().conflict().orElseThrow()))
                    .count();
            assertThat(report.open()).isEqualTo(report.total() - (int) resolved);
        });
    }

    @Test
    void availabilityIsWhatACountSecondBySecondFinds() {
        forAll((life, from, to) -> {
            for (String name : NAMES) {
                ServiceKey key = ServiceKey.parse(name);
                Availability found = Availability.of(
                        life.store.changes(ObjectRef.service(key), BEGIN.plusSeconds(from), SECONDS).stream()
                                .map(PeriodLines::change)
                                .toList(),
                        BEGIN.plusSeconds(from),
                        BEGIN.plusSeconds(to));
                int wanted = 0;
                int ready = 0;
                int downtimes = 0;
                boolean down = false;
                for (int second = from; second < to; second++) {
                    boolean isWanted = life.wanted.get(key)[second];
                    boolean isReady = isWanted && life.ready.get(key)[second];
                    wanted += isWanted ? 1 : 0;
                    ready += isReady ? 1 : 0;
                    downtimes += isWanted && !isReady && !down ? 1 : 0;
                    down = isWanted && !isReady;
                }
                assertThat(found.wanted()).isEqualTo(Duration.ofSeconds(wanted));
                assertThat(found.ready()).isEqualTo(Duration.ofSeconds(ready));
                assertThat(found.downtimes()).hasSize(downtimes);
                assertThat(found.downtimes().stream()
                                .map(Availability.Downtime::length)
                                .reduce(Duration.ZERO, Duration::plus))
                        .isEqualTo(Duration.ofSeconds(wanted - ready));
            }
        });
    }
}
