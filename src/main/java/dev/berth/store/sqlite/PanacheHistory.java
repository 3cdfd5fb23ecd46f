package dev.berth.store.sqlite;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Drops history through the program's persistence unit. */
@ApplicationScoped
class PanacheHistory implements Retention.History {
    private final JournalRows journal;
    private final AuditRecords audit;
    private final Anchors anchors;

    PanacheHistory(JournalRows journal, AuditRecords audit, Anchors anchors) {
        this.journal = journal;
        this.audit = audit;
        this.anchors = anchors;
    }

    @ApplicationScoped
    static class JournalRows implements PanacheRepositoryBase<JournalEntity, Long> {}

    @ApplicationScoped
    static class AuditRecords implements PanacheRepositoryBase<AuditEntity, Long> {}

    @ApplicationScoped
    static class Anchors implements PanacheRepositoryBase<AnchorEntity, String> {}

    @Override
    public void dropJournal(List<Long> seqs, Retention.Move droppedTo) {
        QuarkusTransaction.requiringNew().run(() -> {
            move(Anchor.JOURNAL_DROPPED, droppedTo, "");
            journal.delete("seq in ?1", seqs);
        });
    }

    @Override
    public void dropAudit(Retention.Move checkpoint) {
        QuarkusTransaction.requiringNew().run(() -> {
            String hash = audit.findByIdOptional(checkpoint.to()).orElseThrow().hash();
            move(Anchor.AUDIT_CHECKPOINT, checkpoint, hash);
            audit.delete("seq <= ?1", checkpoint.to());
        });
    }

    private void move(Anchor anchor, Retention.Move move, String hash) {
        anchors.findByIdOptional(anchor.key()).orElseThrow().move(anchor, move, hash);
    }
}
