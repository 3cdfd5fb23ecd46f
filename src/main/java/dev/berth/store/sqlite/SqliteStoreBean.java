package dev.berth.store.sqlite;

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
        String url = pool.getConfiguration()
                .connectionPoolConfiguration()
                .connectionFactoryConfiguration()
                .jdbcUrl();
        boolean inMemory = DatabaseUrl.isInMemory(url);
        return new SqliteStore(
                inMemory ? ReadConnections.shared(pool) : ReadConnections.toFile(url), pool, history, inMemory);
    }

    void close(@Disposes Store store) {
        store.close();
    }
}
