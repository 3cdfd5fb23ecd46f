package dev.berth.store.sqlite;

import io.agroal.api.AgroalDataSource;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The pool's one connection, lent to one thread at a time in the order of asking. Nobody may wait in the pool itself: it hands
 * a connection that comes back to whoever it sees waiting, and one who has just looked and not yet begun to wait is not seen.
 * On an otherwise idle database that thread waited out the whole acquisition timeout, and its write was refused.
 */
@Singleton
final class SingleConnection {
    private final AgroalDataSource pool;
    private final Lock turn = new ReentrantLock(true);

    /** @param pool of one connection, which nobody asks but through this */
    SingleConnection(AgroalDataSource pool) {
        this.pool = pool;
    }

    /** Waits for the turn; whoever takes the connection gives it back, whatever happened on it. */
    Connection take() throws SQLException {
        turn.lock();
        boolean taken = false;
        try {
            Connection connection = pool.getConnection();
            taken = true;
            return connection;
        } finally {
            if (!taken) {
                turn.unlock();
            }
        }
    }

    /** Ends the turn of the thread that took it. */
    void giveBack(Connection connection) throws SQLException {
        try {
            connection.close();
        } finally {
            turn.unlock();
        }
    }

    /** For those who take the connection from the pool by themselves, as a persistence unit does. */
    void during(Runnable use) {
        turn.lock();
        try {
            use.run();
        } finally {
            turn.unlock();
        }
    }
}
