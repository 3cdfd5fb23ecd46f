package dev.berth.store;

import dev.berth.model.Actor;
import dev.berth.model.AuditEntry;
import dev.berth.model.AuditRecord;
import dev.berth.model.Outcome;
import dev.berth.model.PortKey;
import dev.berth.model.ServiceKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the audit log's chain adds to one record, when it is written and when it is verified. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"})
public class AuditChainBenchmark {
    private static final int RECORDS = 1000;

    private final List<AuditEntry> entries = new ArrayList<>();
    private final List<AuditRecord> records;

    public AuditChainBenchmark() {
        ServiceKey service = new ServiceKey("default", "backend");
        for (int i = 0; i < RECORDS; i++) {
            entries.add(new AuditEntry(
                    Instant.ofEpochSecond(1_700_000_000L + i, i),
                    Actor.CONTROLLER,
                    "PortAssigned",
                    AuditEntry.Target.port(PortKey.tcp(8001)),
                    "8000 is held by pid 4242 (python3 -m http.server 8000); the first free alternative",
                    Outcome.SUCCEEDED,
                    "8000 → 8001",
                    Optional.of(service),
                    Optional.of("01J9Z3K7Q2W8N5R4T6Y1V0X3M" + i % 10),
                    Optional.empty()));
        }
        records = chain();
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public List<AuditRecord> append() {
        return chain();
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public Store.AuditVerification verify() {
        AuditChain.Walk walk = new AuditChain.Walk(Optional.empty());
        for (AuditRecord record : records) {
            if (walk.next(record).isPresent()) {
                throw new IllegalStateException("the chain does not fit itself");
            }
        }
        AuditRecord last = records.get(RECORDS - 1);
        return walk.end(Optional.of(new Store.AuditHead(last.seq(), last.hash())));
    }

    private List<AuditRecord> chain() {
        List<AuditRecord> chained = new ArrayList<>(RECORDS);
        Optional<Store.AuditHead> head = Optional.empty();
        for (AuditEntry entry : entries) {
            AuditRecord record = AuditChain.append(head, entry);
            head = Optional.of(new Store.AuditHead(record.seq(), record.hash()));
            chained.add(record);
        }
        return chained;
    }
}
