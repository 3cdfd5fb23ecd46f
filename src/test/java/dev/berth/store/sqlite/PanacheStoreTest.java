package dev.berth.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.model.SettingOverride;
import dev.berth.store.ChangeSet;
import dev.berth.store.JournalRegistry;
import dev.berth.store.Store;
import dev.berth.store.StoreContract;
import dev.berth.store.StoreException;
import dev.berth.store.StoredSamples;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
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
                    // The daemon around it declares nothing, so that it writes nothing; its rhythms are not at stake
                    // here.
                    "quarkus.scheduler.enabled",
                    "false");
        }
    }

    @Inject
    AgroalDataSource pool;

    @Inject
    SingleConnection single;

    @Inject
    PanacheHistory history;

    private SqliteStore store;

    @BeforeEach
    void empty() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("delete from journal");
            statement.executeUpdate("delete from audit");
            statement.executeUpdate("update anchor set seq = 0");
        }
        store = new SqliteStore(ReadConnections.shared(single), single, history, true);
    }

    @Override
    protected Store store() {
        return store;
    }

    @Test
    void saysThatItIsInMemory() {
        assertThat(store.inMemory()).isTrue();
    }

    @Test
    void aFullDatabaseIsSaidAndGotOver() throws Exception {
        JournalRegistry registry =
                JournalRegistry.open(store, InstantSource.fixed(StoredSamples.NOON), () -> 0, Runnable::run);
        registry.commit(change("before", "1"));
        pragma("max_page_count = 20");
        try {
            for (int i = 0; i < 3; i++) {
                Store.Loaded before = store.load();
                assertThatThrownBy(() -> registry.commit(change("refused", "x".repeat(5_000_000))))
                        .isInstanceOfSatisfying(
                                StoreException.class,
                                why -> assertThat(why.kind()).isEqualTo(StoreException.Cause.FULL));
                assertThat(store.load()).isEqualTo(before);
            }
        } finally {
            pragma("max_page_count = 1000000");
        }
        registry.commit(change("afterwards", "1"));
        assertThat(registry.settingOverrides())
                .extracting(SettingOverride::key)
                .containsExactly("afterwards", "before");
        assertThat(store.verifyAudit().valid()).isTrue();
    }

    private static ChangeSet change(String name, String value) {
        return ChangeSet.builder()
                .put(StoredSamples.setting(name, value))
                .audit(StoredSamples.audit(name))
                .build();
    }

    private void pragma(String setting) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("pragma " + setting);
        }
    }
}
