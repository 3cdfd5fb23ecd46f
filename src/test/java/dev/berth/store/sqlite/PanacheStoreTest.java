package dev.berth.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.store.Store;
import dev.berth.store.StoreContract;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The store as the program has it, in memory. */
@QuarkusTest
@TestProfile(PanacheStoreTest.OwnDatabase.class)
class PanacheStoreTest extends StoreContract {
    /** A program whose database nobody else looks at, for the tests empty it. */
    public static class OwnDatabase implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.datasource.jdbc.url",
                    DatabaseUrl.inMemory("panache-store-test"),
                    "quarkus.scheduler.enabled",
                    "false");
        }
    }

    @Inject
    AgroalDataSource pool;

    @Inject
    PanacheRowWriter writer;

    private SqliteStore store;

    @BeforeEach
    void empty() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("delete from journal");
            statement.executeUpdate("delete from audit");
            statement.executeUpdate("update anchor set seq = 0");
        }
        store = new SqliteStore(ReadConnections.shared(pool), writer, true);
    }

    @Override
    protected Store store() {
        return store;
    }

    @Test
    void saysThatItIsInMemory() {
        assertThat(store.inMemory()).isTrue();
    }
}
