package dev.berth.store.sqlite;

import dev.berth.store.MeasurementStore;
import dev.berth.store.Store;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the store over the program's database. */
@ApplicationScoped
class SqliteStoreBean {
    private final SingleConnection single;
    private final String url;

    SqliteStoreBean(AgroalDataSource pool, SingleConnection single) {
        this.single = single;
        this.url = pool.getConfiguration()
                .connectionPoolConfiguration()
                .connectionFactoryConfiguration()
                .jdbcUrl();
    }

    @Produces
    @Singleton
    Store store(PanacheHistory history) {
        return new SqliteStore(reads(), single, history, DatabaseUrl.isInMemory(url));
    }

    @Produces
    @Singleton
    MeasurementStore measurements() {
        return new SqliteMeasurements(reads(), single);
    }

    private ReadConnections reads() {
        return DatabaseUrl.isInMemory(url) ? ReadConnections.shared(single) : ReadConnections.toFile(url);
    }

    void close(@Disposes MeasurementStore measurements) {
        measurements.close();
    }

    void close(@Disposes Store store) {
        store.close();
    }
}
