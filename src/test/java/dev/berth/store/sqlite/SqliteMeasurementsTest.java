package dev.berth.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.model.Latencies;
import dev.berth.model.Measure;
import dev.berth.model.Measurement;
import dev.berth.model.Resolution;
import dev.berth.model.ServiceKey;
import dev.berth.model.Spread;
import dev.berth.store.MeasurementStore;
import dev.berth.store.MeasurementStoreContract;
import dev.berth.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteMeasurementsTest extends MeasurementStoreContract {
    private static final Instant MIDNIGHT = Instant.parse("2025-03-01T00:00:00Z");
    private static final ServiceKey WEB = ServiceKey.parse("default/web");

    @TempDir
    Path directory;

    private FileDatabase database;
    private String url;
    private SqliteMeasurements store;

    @BeforeEach
    void open() throws IOException, SQLException {
        url = DatabaseUrl.file(directory.resolve("berth.db"));
        database = new FileDatabase(url);
        store = new SqliteMeasurements(ReadConnections.toFile(url), database.single());
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
    }

    @Override
    protected MeasurementStore store() {
        return store;
    }

    private static Measurement settled(Instant at, int which) {
        return new Measurement(
                at,
                Resolution.DETAIL,
                Map.of(
                        Measure.CPU, Spread.of(which % 3 / 1000.0),
                        Measure.MEMORY, Spread.of(53_248_000),
                        Measure.THREADS, Spread.of(12),
                        Measure.OPEN_FILES, Spread.of(31),
                        Measure.RESTARTS, Spread.of(0),
                        Measure.RESPONSE_TIME, Spread.of(0.001 + which % 5 * 0.0001),
                        Measure.UP, Spread.of(1),
                        Measure.READY, Spread.of(1)),
                Latencies.of(Duration.ofNanos(1_000_000 + which % 5 * 100_000)));
    }

    private void write(Instant from, Duration length) throws StoreException {
        int which = 0;
        for (Instant minute = from; minute.isBefore(from.plus(length)); minute = minute.plusSeconds(60)) {
            Instant at = minute;
            int first = which;
            store.add(Map.of(
                    WEB,
                    List.of(
                            settled(at, first),
                            settled(at.plusSeconds(15), first + 1),
                            settled(at.plusSeconds(30), first + 2),
                            settled(at.plusSeconds(45), first + 3))));
            which += 4;
        }
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.getLong(1);
        }
    }

    /** docs/reports.md says so. */
    @Test
    void aSettledServiceTakesFewBytes() throws Exception {
        write(MIDNIGHT, Duration.ofHours(1));
        long hour = number("select sum(length(points)) from measurement");
        assertThat(hour).as("an hour of details").isLessThan(60 * 120);
        store.shorten(
                MIDNIGHT.plus(Duration.ofDays(3)),
                new MeasurementStore.Keep(Duration.ZERO, Duration.ofDays(30), Duration.ofDays(30), 1000));
        assertThat(number("select count(*) from measurement")).isEqualTo(1);
        assertThat(number("select sum(length(points)) from measurement"))
                .as("an hour of minutes")
                .isLessThan(1500);
    }

    @Test
    void itsOwnReadersSeeItAtOnceAndAnotherProgramFindsItThere() throws Exception {
        write(MIDNIGHT, Duration.ofMinutes(2));
        try (SqliteMeasurements another = new SqliteMeasurements(ReadConnections.toFile(url), database.single())) {
            assertThat(another.read(WEB, MIDNIGHT, MIDNIGHT.plusSeconds(120))).hasSize(8);
        }
    }

    @Test
    void aPageThatCannotBeReadIsSaidAndKeepsNothingElseFromGoing() throws Exception {
        write(MIDNIGHT, Duration.ofMinutes(3));
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "update measurement set points = x'0102' where page = " + MIDNIGHT.getEpochSecond());
        }
        assertThatThrownBy(() -> store.read(WEB, MIDNIGHT, MIDNIGHT.plusSeconds(60)))
                .isInstanceOfSatisfying(
                        StoreException.class, why -> assertThat(why.kind()).isEqualTo(StoreException.Cause.CORRUPT));
        MeasurementStore.Keep keep =
                new MeasurementStore.Keep(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(30), 1000);
        assertThatThrownBy(() -> store.shorten(MIDNIGHT.plus(Duration.ofDays(1)), keep))
                .isInstanceOf(StoreException.class);
        store.shorten(MIDNIGHT.plus(Duration.ofDays(31)), keep);
        assertThat(number("select count(*) from measurement")).isZero();
    }
}
