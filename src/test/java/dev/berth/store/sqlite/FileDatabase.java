package dev.berth.store.sqlite;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;

/**
 * A database with the program's pool of one connection and its entities, but without a container: for tests that make many
 * databases, or whole programs to kill. Retention's statements are those of {@link PanacheHistory}; that the two agree is what
 * the contract is run on both for.
 */
final class FileDatabase implements Retention.History, AutoCloseable {
    private final String url;
    private final AgroalDataSource pool;
    private final SingleConnection single;
    private final SessionFactory factory;

    FileDatabase(String url) throws SQLException {
        this.url = url;
        pool = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(each -> each.minSize(1)
                        .maxSize(1)
                        .acquisitionTimeout(Duration.ofSeconds(5))
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(url))));
        single = new SingleConnection(pool);
        Flyway.configure()
                .dataSource(pool)
                .locations("classpath:db/migration")
                .load()
                .migrate();
        Configuration hibernate = new Configuration()
                .addAnnotatedClass(JournalEntity.class)
                .addAnnotatedClass(AuditEntity.class)
                .addAnnotatedClass(AnchorEntity.class)
                .setProperty("hibernate.dialect", "org.hibernate.community.dialect.SQLiteDialect");
        hibernate.getProperties().put("hibernate.connection.datasource", pool);
        factory = hibernate.buildSessionFactory();
    }

    AgroalDataSource pool() {
        return pool;
    }

    SingleConnection single() {
        return single;
    }

    /** The store on this database, with connections of its own for reading. */
    SqliteStore store() {
        return new SqliteStore(ReadConnections.toFile(url), single, this, DatabaseUrl.isInMemory(url));
    }

    @Override
    public void dropJournal(List<Long> seqs, Retention.Move droppedTo) {
        factory.inTransaction(session -> {
            move(session, Anchor.JOURNAL_DROPPED, droppedTo, "");
            session.createMutationQuery("delete from JournalEntity where seq in ?1")
                    .setParameter(1, seqs)
                    .executeUpdate();
        });
    }

    @Override
    public void dropAudit(Retention.Move checkpoint) {
        factory.inTransaction(session -> {
            String hash = session.find(AuditEntity.class, checkpoint.to()).hash();
            move(session, Anchor.AUDIT_CHECKPOINT, checkpoint, hash);
            session.createMutationQuery("delete from AuditEntity where seq <= ?1")
                    .setParameter(1, checkpoint.to())
                    .executeUpdate();
        });
    }

    private static void move(Session session, Anchor anchor, Retention.Move move, String hash) {
        session.find(AnchorEntity.class, anchor.key()).move(anchor, move, hash);
    }

    @Override
    public void close() {
        factory.close();
        pool.close();
    }
}
