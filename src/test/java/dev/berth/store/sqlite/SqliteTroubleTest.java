package dev.berth.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.model.StoredObject;
import dev.berth.store.ChangeSet;
import dev.berth.store.JournalRegistry;
import dev.berth.store.Store;
import dev.berth.store.StoreException;
import dev.berth.store.StoredSamples;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** SQLite's own failures, made to happen: a full disk, another program's lock, a damaged file, a changed log. */
class SqliteTroubleTest {
    @TempDir
    Path directory;

    private Path file;
    private FileDatabase database;
    private SqliteStore store;
    private JournalRegistry registry;

    @BeforeEach
    void open() throws IOException, SQLException, StoreException {
        open(directory.resolve("berth.db"));
    }

    private void open(Path newFile) throws IOException, SQLException, StoreException {
        file = newFile;
        String url = DatabaseUrl.file(file).replaceFirst("busy_timeout=\\d+", "busy_timeout=1");
        database = new FileDatabase(url);
        store = database.store();
        registry = JournalRegistry.open(store, InstantSource.fixed(StoredSamples.NOON), () -> 0, Runnable::run);
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
    }

    private static ChangeSet change(String name, String value) {
        return ChangeSet.builder()
                .put(StoredSamples.setting(name, value))
                .audit(StoredSamples.audit(name))
                .build();
    }

    private void refused(StoreException.Cause kind, String... words) throws StoreException {
        Store.Loaded before = store.load();
        assertThatThrownBy(() -> registry.commit(change("refused", "x".repeat(2_000_000))))
                .isInstanceOfSatisfying(
                        StoreException.class, why -> assertThat(why.kind()).isEqualTo(kind))
                .hasMessageContainingAll(words);
        assertThat(store.load()).isEqualTo(before);
        assertThat(registry.settingOverrides()).isEqualTo(before.objects());
    }

    private void goesOn() throws Exception {
        List<StoredObject> written = registry.commit(change("afterwards", "1"));
        assertThat(store.load().objects()).containsAll(written);
        assertThat(store.verifyAudit().valid()).isTrue();
        assertThat(registry.writeTrouble()).isEmpty();
    }

    @Test
    void aFullDiskIsSaidAndGotOver() throws Exception {
        registry.commit(change("before", "1"));
        for (int i = 0; i < 2; i++) {
            // Each time: the pool may have thrown the connection away.
            pragma("max_page_count = 20");
            refused(StoreException.Cause.FULL, "full");
        }
        pragma("max_page_count = 1000000");
        goesOn();
    }

    /** A file system of a megabyte, filled up by somebody else: SQLite's write-ahead log is what can't grow. */
    @Test
    void aReallyFullDiskIsSaidAndGotOver() throws Exception {
        Tools.requireRoot();
        Path disk = Files.createDirectory(directory.resolve("disk"));
        Assumptions.assumeTrue(
                run(Tools.require("mount").toString(), "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()) == 0,
                "this test needs to mount a tmpfs");
        try {
            close();
            open(disk.resolve("berth.db"));
            registry.commit(change("before", "1"));
            Path filler = disk.resolve("filler");
            fill(filler);
            refused(StoreException.Cause.FULL, "full");
            refused(StoreException.Cause.FULL, "full");
            assertThat(registry.writeTrouble().orElseThrow()).contains("Free space");
            assertThat(store.verifyAudit().valid()).isTrue();
            Files.delete(filler);
            goesOn();
        } finally {
            close();
            assertThat(run(Tools.require("umount").toString(), disk.toString())).isZero();
        }
    }

    private static void fill(Path filler) throws IOException {
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] page = new byte[4096];
            while (true) {
                out.write(page);
            }
        } catch (FileSystemException full) {
            assertThat(filler).exists();
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("space");
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    @Test
    void anotherProgramsLockIsSaidAndGotOver() throws Exception {
        registry.commit(change("before", "1"));
        try (Connection other = DriverManager.getConnection(DatabaseUrl.file(file));
                Statement statement = other.createStatement()) {
            statement.execute("begin immediate");
            refused(StoreException.Cause.BUSY, "locked", "another program");
            statement.execute("rollback");
        }
        goesOn();
    }

    @Test
    void aDamagedFileIsSaid() throws Exception {
        registry.commit(change("before", "1"));
        store.close();
        database.close();
        byte[] bytes = Files.readAllBytes(file);
        // The header stays, the pages go.
        Arrays.fill(bytes, 100, bytes.length, (byte) 0x5a);
        Files.write(file, bytes);
        try (SqliteStore damaged = reading(file)) {
            assertThatThrownBy(damaged::load)
                    .isInstanceOfSatisfying(
                            StoreException.class, why -> assertThat(why.kind()).isEqualTo(StoreException.Cause.CORRUPT))
                    .hasMessageContaining("damaged");
        }
        Files.writeString(
                file, "not a database, but quite a long text that is longer than the header would be".repeat(9));
        try (SqliteStore text = reading(file)) {
            assertThatThrownBy(text::load)
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            why -> assertThat(why.kind()).isEqualTo(StoreException.Cause.CORRUPT));
        }
    }

    @Test
    void twoWritersOnOneFileAreNoticed() throws Exception {
        registry.commit(change("before", "1"));
        JournalRegistry other =
                JournalRegistry.open(store, InstantSource.fixed(StoredSamples.NOON), () -> 0, Runnable::run);
        other.commit(change("theirs", "1"));
        assertThatThrownBy(() -> registry.commit(change("ours", "1")))
                .isInstanceOfSatisfying(
                        StoreException.class, why -> assertThat(why.kind()).isEqualTo(StoreException.Cause.CORRUPT))
                .hasMessageContaining("another program");
        assertThat(registry.settingOverrides()).extracting(each -> each.key()).containsExactly("before", "theirs");
        goesOn();
    }

    private record Tampering(String sql, long brokenAt) {}

    @TestFactory
    Stream<DynamicTest> tamperingShows() throws Exception {
        for (int i = 0; i < 5; i++) {
            registry.commit(change("s" + i, "1"));
        }
        close();
        return Stream.of(
                        new Tampering("update audit set at = at + 1 where seq = 3", 3),
                        new Tampering("update audit set actor_kind = 'CONTROLLER' where seq = 3", 3),
                        new Tampering("update audit set actor_kind = 'NOBODY' where seq = 3", 3),
                        new Tampering("update audit set actor_name = 'bob' where seq = 3", 3),
                        new Tampering("update audit set actor_uid = 0 where seq = 3", 3),
                        new Tampering("update audit set actor_uid = null where seq = 3", 3),
                        new Tampering("update audit set action = 'Looked' where seq = 3", 3),
                        new Tampering("update audit set target_kind = 'Port' where seq = 3", 3),
                        new Tampering("update audit set target_namespace = null where seq = 3", 3),
                        new Tampering("update audit set target_name = 'x' where seq = 3", 3),
                        new Tampering("update audit set reason = '' where seq = 3", 3),
                        new Tampering("update audit set outcome = 'FAILED' where seq = 3", 3),
                        new Tampering("update audit set detail = detail || ' ' where seq = 3", 3),
                        new Tampering("update audit set service = 'default/other' where seq = 3", 3),
                        new Tampering("update audit set service = 'NOT A NAME' where seq = 3", 3),
                        new Tampering("update audit set service = null where seq = 3", 3),
                        new Tampering("update audit set conflict = 'C1' where seq = 3", 3),
                        new Tampering("update audit set act = 'A1' where seq = 3", 3),
                        new Tampering("update audit set hash = previous_hash where seq = 3", 3),
                        new Tampering("update audit set previous_hash = hash where seq = 3", 3),
                        new Tampering("delete from audit where seq = 1", 2),
                        new Tampering("delete from audit where seq = 3", 4),
                        new Tampering("delete from audit where seq = 5", 5),
                        new Tampering("delete from audit", 1),
                        new Tampering("update audit set seq = 6 - seq + 100", 101),
                        new Tampering("update anchor set seq = 4 where name = 'audit'", 5),
                        new Tampering("update anchor set hash = '' where name = 'audit'", 5))
                .map(each -> DynamicTest.dynamicTest(each.sql(), () -> {
                    Path copy = Files.createTempFile(directory, "tampered", ".db");
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                    String url = DatabaseUrl.file(copy);
                    try (SqliteStore tampered = reading(copy)) {
                        assertThat(tampered.verifyAudit().valid()).isTrue();
                        try (Connection connection = DriverManager.getConnection(url);
                                Statement statement = connection.createStatement()) {
                            assertThat(statement.executeUpdate(each.sql())).isPositive();
                        }
                        assertThat(tampered.verifyAudit().brokenAt()).hasValue(each.brokenAt());
                        assertThat(tampered.verifyAudit().reason()).isPresent();
                    }
                }));
    }

    /** To look at another file; what it would write is not at stake. */
    private SqliteStore reading(Path other) throws IOException {
        return new SqliteStore(ReadConnections.toFile(DatabaseUrl.file(other)), database.single(), database, false);
    }

    private void pragma(String setting) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("pragma " + setting);
        }
    }
}
