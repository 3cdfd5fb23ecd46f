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
    @Produces
    @Singleton
    Store store(AgroalDataSource pool, PanacheHistory history) {
        return new SqliteStore(reads(pool), pool, history, DatabaseUrl.isInMemory(url(pool)));
    }

    @Produces
    @Singleton
    MeasurementStore measurements(AgroalDataSource pool) {
        return new SqliteMeasurements(reads(pool), pool);
    }

    private static ReadConnections reads(AgroalDataSource pool) {
        String url = url(pool);
        return DatabaseUrl.isInMemory(url) ? ReadConnections.shared(pool) : ReadConnections.toFile(url);
    }

    private static String url(AgroalDataSource pool) {
        return pool.getConfiguration()
                .connectionPoolConfiguration()
                .connectionFactoryConfiguration()
                .jdbcUrl();
    }

    void close(@Disposes MeasurementStore measurements) {
        measurements.close();
    }

    void close(@Disposes Store store) {
        store.close();
    }
}
