/**
 * Berth's memory in SQLite.
 *
 * <p>Guarantees: one transaction per append, on disk when it returns (WAL, {@code synchronous=FULL}); no transaction is held
 * across anything but its own statements; entities and JSON never leave the package; reads use connections of their own and
 * block no write.
 *
 * <p>Everything that writes goes through the program's only pooled connection, so that writers queue here and are never
 * refused as busy. Retention writes with Hibernate and Panache repositories. What a caller waits for, one append per commit, is
 * prepared statements on the same connection: a persistence context and a managed transaction for each would cost several times
 * what SQLite itself does. Reads are plain JDBC: they are few statements over many rows, want one snapshot and no persistence
 * context, and their connections are opened read-only, which a pool shared with the writer can't be.
 *
 * <p>The database is named by {@code quarkus.datasource.jdbc.url}, which the program sets before the framework starts; see
 * {@link dev.berth.store.sqlite.DatabaseUrl}.
 */
@NullMarked
package dev.berth.store.sqlite;

import org.jspecify.annotations.NullMarked;
