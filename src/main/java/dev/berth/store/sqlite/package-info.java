/**
 * Berth's memory in SQLite.
 *
 * <p>Guarantees: one transaction per append, on disk when it returns (WAL, {@code synchronous=FULL}); no transaction is held
 * across anything but its own statements; entities and JSON never leave the package; reads use connections of their own and
 * block no write.
 *
 * <p>Writes go through Hibernate with Panache repositories and the program's only pooled connection, so that writers queue
 * here and are never refused as busy. Reads are plain JDBC: they are few statements over many rows, want one snapshot and no
 * persistence context, and their connections are opened read-only, which a pool shared with the writer can't be.
 *
 * <p>The database is named by {@code quarkus.datasource.jdbc.url}, which the program sets before the framework starts; see
 * {@link dev.berth.store.sqlite.DatabaseUrl}.
 */
@NullMarked
package dev.berth.store.sqlite;

import org.jspecify.annotations.NullMarked;
