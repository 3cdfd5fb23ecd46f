package dev.berth.store.sqlite;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** Where the journal or the audit log ends, or was cut. */
@Entity
@Table(name = "anchor")
public class AnchorEntity {
    @Id
    private String name;

    private long seq;
    private String hash;

    /** For Hibernate, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    protected AnchorEntity() {}

    /** Moves it on, provided that it still stands where it was seen. */
    void move(Anchor anchor, Retention.Move move, String newHash) {
        if (seq != move.from()) {
            throw new Anchor.MovedException(anchor, move.from());
        }
        this.seq = move.to();
        this.hash = newHash;
    }
}
