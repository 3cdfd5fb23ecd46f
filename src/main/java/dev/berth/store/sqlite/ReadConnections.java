package dev.berth.store.sqlite;

import dev.berth.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * Connections for reading. Each use sees one snapshot of the database, however many statements it makes.
 */
abstract class ReadConnections implements AutoCloseable {

    /** What is done with a connection; nothing of it may be kept. */
    interface Use<T> {
        T with(Connection connection) throws SQLException, StoreException;
    }

    /**
     * To a file: connections of their own that can't write, so that they wait for no writer and no writer for them.
     */
    static ReadConnections toFile(String url) {
        return new OfFile(url);
    }

    /**
     * To a database in memory, which is the writer's only connection: a second one would meet SQLite's table locks, which are
     * refused at once. Here readers do wait for the writer, who waits for no disk.
     */
    static ReadConnections shared(SingleConnection single) {
        return new Shared(single);
    }

    /** @param what for the error message, as the beginning of a sentence */
    final <T> T read(String what, Use<T> use) throws StoreException {
        try {
            Connection connection = acquire();
            boolean sound = false;
            try {
                connection.setAutoCommit(false);
                T result = use.with(connection);
                connection.commit();
                connection.setAutoCommit(true);
                sound = true;
                return result;
            } finally {
                release(connection, sound);
            }
        } catch (SQLException failed) {
            throw SqliteErrors.translate(what, failed);
        }
    }

    abstract Connection acquire() throws SQLException, StoreException;

    /** @param sound false after an error: its transaction may still be open */
    abstract void release(Connection connection, boolean sound) throws SQLException;

    @Override
    public abstract void close();

    private static final class OfFile extends ReadConnections {
        /** More readers wait: this bounds file descriptors and page caches (2 MB each). */
        private static final int MAX_CONNECTIONS = 4;

        private final String url;
        private final SQLiteConfig config = new SQLiteConfig();
        private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
        private final Semaphore permits = new Semaphore(MAX_CONNECTIONS, true);
        private volatile boolean closed;

        OfFile(String url) {
            this.url = DatabaseUrl.withoutSettings(url);
            config.setReadOnly(true);
            config.setBusyTimeout(DatabaseUrl.BUSY_TIMEOUT_MILLIS);
        }

        @Override
        Connection acquire() throws SQLException, StoreException {
            permits.acquireUninterruptibly();
            boolean acquired = false;
            try {
                if (closed) {
                    throw new StoreException(StoreException.Cause.CLOSED, "Berth's memory is closed");
                }
                @Nullable Connection free = idle.pollFirst();
                Connection connection = free != null ? free : config.createConnection(url);
                acquired = true;
                return connection;
            } finally {
                if (!acquired) {
                    permits.release();
                }
            }
        }

        @Override
        void release(Connection connection, boolean sound) throws SQLException {
            try {
                if (sound && !closed) {
                    idle.addFirst(connection);
                } else {
                    connection.close();
                }
            } finally {
                permits.release();
            }
        }

        /** Waits for those who read. */
        @Override
        public void close() {
            closed = true;
            permits.acquireUninterruptibly(MAX_CONNECTIONS);
            try {
                for (Connection each = idle.pollFirst(); each != null; each = idle.pollFirst()) {
                    each.close();
                }
            } catch (SQLException failed) {
                throw new IllegalStateException("a connection that only reads could not be closed", failed);
            } finally {
                permits.release(MAX_CONNECTIONS);
            }
        }
    }

    private static final class Shared extends ReadConnections {
        private final SingleConnection single;

        Shared(SingleConnection single) {
            this.single = single;
        }

        @Override
        Connection acquire() throws SQLException {
            return single.take();
        }

        @Override
        void release(Connection connection, boolean sound) throws SQLException {
            try {
                if (!sound) {
                    connection.rollback();
                    connection.setAutoCommit(true);
                }
            } finally {
                single.giveBack(connection);
            }
        }

        @Override
        public void close() {
            // The connection is not ours.
        }
    }
}
