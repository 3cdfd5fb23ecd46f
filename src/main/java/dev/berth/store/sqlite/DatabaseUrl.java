package dev.berth.store.sqlite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * JDBC URLs of Berth's memory, for {@code quarkus.datasource.jdbc.url}. The settings in them are what durable and never
 * refused means for SQLite: WAL, so that readers and the writer don't wait for each other; {@code synchronous=FULL}, so that a
 * commit survives the loss of power; IMMEDIATE, so that a transaction which will write takes the lock at its beginning.
 */
public final class DatabaseUrl {
    /** How long SQLite waits for another program's lock before it says busy, in milliseconds. */
    static final int BUSY_TIMEOUT_MILLIS = 2000;

    /** Nobody asks for generated keys: left to itself, the driver looks for one after each row. */
    private static final String WRITER = "busy_timeout=" + BUSY_TIMEOUT_MILLIS
            + "&foreign_keys=true&transaction_mode=IMMEDIATE&jdbc.get_generated_keys=false";

    private static final String MEMORY_MARK = "mode=memory";

    private DatabaseUrl() {}

    /**
     * A database in a file, which is made when it is not there; only its owner can read and write it. SQLite gives the files
     * that it puts beside it the same permissions.
     */
    public static String file(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        boolean posix = Files.getFileStore(absolute.getParent() == null ? absolute : absolute.getParent())
                .supportsFileAttributeView("posix");
        try {
            if (posix) {
                Files.createFile(
                        absolute, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } else {
                Files.createFile(absolute);
            }
        } catch (FileAlreadyExistsException there) {
            // It may have been copied here by hand.
            if (posix) {
                Files.setPosixFilePermissions(absolute, PosixFilePermissions.fromString("rw-------"));
            }
        }
        return prefix(absolute) + "?journal_mode=WAL&synchronous=FULL&" + WRITER;
    }

    /**
     * A database that lives as long as its last connection: the fallback when no directory can be written. The pool must keep
     * exactly one connection.
     */
    public static String inMemory(String name) {
        return "jdbc:sqlite:file:" + name + "?" + MEMORY_MARK + "&cache=shared&" + WRITER;
    }

    static boolean isInMemory(String url) {
        return url.contains(MEMORY_MARK) || url.contains(":memory:");
    }

    /** The same database without settings: those of a connection that only reads are made in code. */
    static String withoutSettings(String url) {
        int settings = url.indexOf('?');
        return settings < 0 ? url : url.substring(0, settings);
    }

    /** A file URI, so that a path may contain what means something in URLs or in configuration values. */
    private static String prefix(Path absolute) {
        StringBuilder uri = new StringBuilder("jdbc:sqlite:file:");
        for (byte each : absolute.toString().getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "/-_.~".indexOf(c) >= 0);
            uri.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return uri.toString();
    }
}
