package dev.berth.store.sqlite;

import org.flywaydb.core.Flyway;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;

/**
 * The same entities and statements as {@link PanacheRowWriter}, on a Hibernate without a container: for tests that make many
 * databases, or whole programs to kill. That the two agree is what the contract is run on both for.
 */
final class HibernateRowWriter implements RowWriter, AutoCloseable {
    private final SessionFactory factory;

    HibernateRowWriter(String url) {
        Flyway.configure()
                .dataSource(url, null, null)
                .locations("classpath:db/migration")
                .load()
                .migrate();
        factory = new Configuration()
                .addAnnotatedClass(JournalEntity.class)
                .addAnnotatedClass(AuditEntity.class)
                .addAnnotatedClass(AnchorEntity.class)
                .setProperty("hibernate.connection.url", url)
                .setProperty("hibernate.connection.pool_size", "1")
                .setProperty("hibernate.dialect", "org.hibernate.community.dialect.SQLiteDialect")
                .setProperty("hibernate.jdbc.batch_size", "64")
                .buildSessionFactory();
    }

    SessionFactory factory() {
        return factory;
    }

    @Override
    public void write(Rows rows) {
        factory.inTransaction(session -> {
            for (Move move : rows.moves()) {
                int moved = session.createNativeMutationQuery(Move.SQL)
                        .setParameter(1, move.to())
                        .setParameter(2, move.hash())
                        .setParameter(3, move.anchor().key())
                        .setParameter(4, move.from())
                        .executeUpdate();
                if (moved != 1) {
                    throw new MovedException(move);
                }
            }
            if (!rows.journalDrops().isEmpty()) {
                session.createMutationQuery("delete from JournalEntity where seq in ?1")
                        .setParameter(1, rows.journalDrops())
                        .executeUpdate();
            }
            if (rows.auditDropTo() > 0) {
                session.createMutationQuery("delete from AuditEntity where seq <= ?1")
                        .setParameter(1, rows.auditDropTo())
                        .executeUpdate();
            }
            rows.journal().forEach(session::persist);
            rows.audit().forEach(session::persist);
        });
    }

    @Override
    public void close() {
        factory.close();
    }
}
