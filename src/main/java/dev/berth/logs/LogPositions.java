package dev.berth.logs;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Where in the stream of everything that a service has written its live file begins. Rotation moves that, readers go by it:
 * a position in the stream stays true whatever is rotated. Safe for use by many threads; one per program, because nothing
 * of it is on disk.
 */
public final class LogPositions {
    private final Map<Path, Origin> origins = new ConcurrentHashMap<>();

    /** One log's. The stream's zero is the beginning of the live file when this program first looked at it. */
    static final class Origin {
        private final ReadWriteLock lock = new ReentrantReadWriteLock();
        // Guarded by lock.
        private long removed;

        /** Held shared while files are read, and alone while their heads and names change. */
        ReadWriteLock lock() {
            return lock;
        }

        /** How many bytes were taken from the live file's head; the position of its first byte. */
        long removed() {
            return removed;
        }

        void remove(long bytes) {
            removed += bytes;
        }
    }

    Origin of(Path log) {
        return origins.computeIfAbsent(log, unknown -> new Origin());
    }

    /** Forgets all others: their services are gone. */
    void keepOnly(Collection<Path> logs) {
        origins.keySet().retainAll(Set.copyOf(logs));
    }
}
