package dev.berth.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.store.Store;
import dev.berth.store.StoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store on a file, in a directory whose name means something in a URL. */
class SqliteStoreTest extends StoreContract {
    @TempDir
    Path directory;

    private FileDatabase database;
    private SqliteStore store;

    @BeforeEach
    void open() throws IOException, SQLException {
        Path home = Files.createDirectory(directory.resolve("a?b %20 #${c} ü"));
        String url = DatabaseUrl.file(home.resolve("berth.db"));
        database = new FileDatabase(url);
        store = database.store();
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
    }

    @Override
    protected Store store() {
        return store;
    }

    @Test
    void onlyItsOwnerCanReadIt() throws IOException {
        try (var files = Files.walk(directory).filter(Files::isRegularFile)) {
            assertThat(files)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
        assertThat(store.inMemory()).isFalse();
    }

    @Test
    void aCommitIsOnDiskWhenItReturns() throws SQLException {
        assertThat(pragma("journal_mode")).isEqualTo("wal");
        assertThat(pragma("synchronous")).as("2 is FULL").isEqualTo("2");
    }

    private String pragma(String name) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("pragma " + name)) {
            return row.getString(1);
        }
    }
}
