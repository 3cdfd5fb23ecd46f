package dev.berth.store.sqlite;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of the journal, as far as retention needs it. */
@Entity
@Table(name = "journal")
public class JournalEntity {
    @Id
    private long seq;

    /** For Hibernate, which fills the fields. */
    protected JournalEntity() {}
}
