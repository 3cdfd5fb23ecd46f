package dev.berth.store.sqlite;

import dev.berth.store.StoreException;
import java.sql.SQLException;
import java.util.Optional;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite says, in words; it is found beneath whatever the frameworks have wrapped around it. */
final class SqliteErrors {
    /** The low byte of an extended code is the primary one (sqlite.org/rescode.html). */
    private static final int PRIMARY = 0xff;

    private SqliteErrors() {}

    static StoreException translate(String what, Throwable thrown) {
        Optional<SQLiteException> told = find(thrown);
        if (told.isEmpty()) {
            return new StoreException(
                    StoreException.Cause.IO, what + " failed: " + root(thrown).getMessage(), thrown);
        }
        SQLiteErrorCode code = told.get().getResultCode();
        return switch (SQLiteErrorCode.getErrorCode(code.code & PRIMARY)) {
            case SQLITE_BUSY, SQLITE_LOCKED ->
                new StoreException(
                        StoreException.Cause.BUSY, what + " failed: the database is locked by another program", thrown);
            case SQLITE_FULL ->
                new StoreException(StoreException.Cause.FULL, what + " failed: the disk is full", thrown);
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN, SQLITE_AUTH ->
                new StoreException(
                        StoreException.Cause.IO,
                        what + " failed: the database file can't be opened or written (" + code.name() + ")",
                        thrown);
            case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_SCHEMA, SQLITE_MISMATCH ->
                new StoreException(
                        StoreException.Cause.CORRUPT,
                        what + " failed: the database file is damaged (" + code.name() + ")",
                        thrown);
            case SQLITE_CONSTRAINT ->
                new StoreException(
                        StoreException.Cause.CORRUPT,
                        what + " failed: rows are there that Berth did not expect (" + code.name()
                                + "); does another program write to the database?",
                        thrown);
            default ->
                new StoreException(
                        StoreException.Cause.IO,
                        what + " failed: " + code.name() + ", " + told.get().getMessage(),
                        thrown);
        };
    }

    private static Optional<SQLiteException> find(Throwable thrown) {
        // Frameworks that roll back add what failed there; the cause comes first.
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof SQLiteException found) {
                return Optional.of(found);
            }
            if (each instanceof SQLException chained && chained.getNextException() instanceof SQLiteException next) {
                return Optional.of(next);
            }
        }
        for (Throwable suppressed : thrown.getSuppressed()) {
            Optional<SQLiteException> found = find(suppressed);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Throwable root(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
