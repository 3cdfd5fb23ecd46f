package dev.berth.store.sqlite;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;

/** Writes through the program's persistence unit. */
@ApplicationScoped
class PanacheRowWriter implements RowWriter {
    private final Repositories.Journal journal;
    private final Repositories.Audit audit;
    private final Repositories.Anchors anchors;

    PanacheRowWriter(Repositories.Journal journal, Repositories.Audit audit, Repositories.Anchors anchors) {
        this.journal = journal;
        this.audit = audit;
        this.anchors = anchors;
    }

    @Override
    public void write(Rows rows) {
        // Its own transaction whatever the caller is in: a batch belongs to many callers.
        QuarkusTransaction.requiringNew().run(() -> {
            for (Move move : rows.moves()) {
                int moved = anchors.getEntityManager()
                        .createNativeQuery(Move.SQL)
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
                journal.delete("seq in ?1", rows.journalDrops());
            }
            if (rows.auditDropTo() > 0) {
                audit.delete("seq <= ?1", rows.auditDropTo());
            }
            // In the order of the tables, so that each makes one JDBC batch.
            journal.persist(rows.journal());
            audit.persist(rows.audit());
        });
    }
}
