package dev.berth.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Actor;
import dev.berth.model.AuditEntry;
import dev.berth.model.AuditRecord;
import dev.berth.model.Outcome;
import dev.berth.model.ServiceKey;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class AuditChainTest {

    private static final Actor ANN = new Actor(Actor.Kind.USER, "ann", OptionalLong.of(1000));

    private static final AuditEntry ENTRY = new AuditEntry(
            StoredSamples.NOON.plusNanos(123_456_789),
            ANN,
            "ProcessSignalled",
            new AuditEntry.Target("Process", Optional.of("shop"), "4711"),
            "it held the port",
            Outcome.INTENDED,
            "SIGTERM",
            Optional.of(new ServiceKey("shop", "backend")),
            Optional.of("C1"),
            Optional.of("A1"));

    private record Change(String field, Object value) {}

    private static final List<Change> CHANGES = List.of(
            new Change("at", ENTRY.at().plusNanos(1)),
            new Change("actor", new Actor(Actor.Kind.CONTROLLER, "ann", OptionalLong.of(1000))),
            new Change("actor", new Actor(Actor.Kind.USER, "bob", OptionalLong.of(1000))),
            new Change("actor", new Actor(Actor.Kind.USER, "ann", OptionalLong.of(0))),
            new Change("actor", new Actor(Actor.Kind.USER, "ann", OptionalLong.empty())),
            new Change("action", "ProcessStarted"),
            new Change("target", new AuditEntry.Target("Port", Optional.of("shop"), "4711")),
            new Change("target", new AuditEntry.Target("Process", Optional.empty(), "4711")),
            new Change("target", new AuditEntry.Target("Process", Optional.of("shop"), "4712")),
            // The same letters, parted elsewhere.
            new Change("target", new AuditEntry.Target("Process", Optional.of("shop4"), "711")),
            new Change("reason", "it did not"),
            new Change("outcome", Outcome.FAILED),
            new Change("detail", "SIGKILL"),
            new Change("service", Optional.empty()),
            new Change("service", Optional.of(new ServiceKey("shopb", "ackend"))),
            new Change("conflict", Optional.of("C2")),
            new Change("conflict", Optional.empty()),
            new Change("act", Optional.empty()));

    @Test
    void everyFieldIsTried() {
        assertThat(CHANGES.stream().map(Change::field))
                .containsOnly(Arrays.stream(AuditEntry.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toArray(String[]::new));
    }

    @TestFactory
    Stream<DynamicTest> aChangedFieldShowsAtItsRecord() {
        return CHANGES.stream()
                .map(change -> DynamicTest.dynamicTest(change.field() + " becomes " + change.value(), () -> {
                    List<AuditRecord> log = log(5);
                    AuditRecord old = log.get(2);
                    log.set(
                            2,
                            new AuditRecord(
                                    old.seq(),
                                    with(old.entry(), change.field(), change.value()),
                                    old.previousHash(),
                                    old.hash()));
                    assertThat(verify(log, anchor(5)).brokenAt()).hasValue(3);
                }));
    }

    @Test
    void anUntouchedLogIsWhole() {
        assertThat(verify(log(5), anchor(5)))
                .isEqualTo(new Store.AuditVerification(true, 5, OptionalLong.empty(), Optional.empty()));
        assertThat(verify(List.of(), Optional.empty()).valid()).isTrue();
    }

    @Test
    void aDroppedRecordShows() {
        for (int dropped = 0; dropped < 4; dropped++) {
            List<AuditRecord> log = log(5);
            log.remove(dropped);
            assertThat(verify(log, anchor(5)).brokenAt()).hasValue(dropped + 2);
        }
    }

    @Test
    void swappedRecordsShow() {
        List<AuditRecord> log = log(5);
        AuditRecord second = log.get(1);
        AuditRecord third = log.get(2);
        // Renumbered, so that only the hashes can tell.
        log.set(1, new AuditRecord(2, third.entry(), third.previousHash(), third.hash()));
        log.set(2, new AuditRecord(3, second.entry(), second.previousHash(), second.hash()));
        assertThat(verify(log, anchor(5)).brokenAt()).hasValue(2);
    }

    @Test
    void aCutEndShows() {
        Store.AuditVerification verdict = verify(log(3), anchor(5));
        assertThat(verdict.brokenAt()).hasValue(4);
        assertThat(verdict.reason().orElseThrow()).contains("cut off");
        assertThat(verify(List.of(), anchor(5)).valid()).isFalse();
    }

    @Test
    void anEndThatWasHashedAnewShows() {
        List<AuditRecord> log = log(3);
        Optional<Store.AuditHead> head = Optional.of(head(log.get(2)));
        for (int i = 4; i <= 5; i++) {
            AuditRecord forged = AuditChain.append(head, with(ENTRY, "detail", "forged " + i));
            log.add(forged);
            head = Optional.of(head(forged));
        }
        assertThat(verify(log, anchor(5)).brokenAt()).hasValue(5);
    }

    @Test
    void recordsAddedFromOutsideShow() {
        assertThat(verify(log(6), anchor(5)).valid()).isFalse();
    }

    @Test
    void aCutFrontIsWholeOnlyBehindItsCheckpoint() {
        List<AuditRecord> log = log(5);
        AuditRecord lastRemoved = log.get(1);
        List<AuditRecord> rest = log.subList(2, 5);
        assertThat(verify(rest, anchor(5)).brokenAt()).hasValue(3);
        assertThat(verify(rest, anchor(5), Optional.of(head(lastRemoved))))
                .isEqualTo(new Store.AuditVerification(true, 3, OptionalLong.empty(), Optional.empty()));
        assertThat(verify(rest, anchor(5), Optional.of(new Store.AuditHead(2, AuditChain.GENESIS)))
                        .valid())
                .isFalse();
        // Retention may have taken all of it.
        assertThat(verify(List.of(), anchor(5), anchor(5)).valid()).isTrue();
    }

    private static List<AuditRecord> log(int length) {
        List<AuditRecord> log = new ArrayList<>();
        Optional<Store.AuditHead> head = Optional.empty();
        for (int i = 1; i <= length; i++) {
            AuditRecord next =
                    AuditChain.append(head, with(ENTRY, "at", ENTRY.at().plusSeconds(i)));
            log.add(next);
            head = Optional.of(head(next));
        }
        return log;
    }

    private static Optional<Store.AuditHead> anchor(int length) {
        return Optional.of(head(log(length).get(length - 1)));
    }

    private static Store.AuditHead head(AuditRecord last) {
        return new Store.AuditHead(last.seq(), last.hash());
    }

    private static Store.AuditVerification verify(List<AuditRecord> log, Optional<Store.AuditHead> anchor) {
        return verify(log, anchor, Optional.empty());
    }

    private static Store.AuditVerification verify(
            List<AuditRecord> log, Optional<Store.AuditHead> anchor, Optional<Store.AuditHead> checkpoint) {
        AuditChain.Walk walk = new AuditChain.Walk(checkpoint);
        for (AuditRecord next : log) {
            Optional<Store.AuditVerification> broken = walk.next(next);
            if (broken.isPresent()) {
                return broken.get();
            }
        }
        return walk.end(anchor);
    }

    /** The entry with one field changed, by the field's name. */
    private static AuditEntry with(AuditEntry entry, String field, Object value) {
        try {
            RecordComponent[] fields = AuditEntry.class.getRecordComponents();
            Object[] values = new Object[fields.length];
            for (int i = 0; i < fields.length; i++) {
                values[i] = fields[i].getName().equals(field)
                        ? value
                        : fields[i].getAccessor().invoke(entry);
            }
            return (AuditEntry) AuditEntry.class.getDeclaredConstructors()[0].newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
