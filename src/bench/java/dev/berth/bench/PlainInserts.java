package dev.berth.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * The rows that one declared change writes, inserted by plain JDBC: one connection, one transaction per change, prepared
 * statements, nothing else. What the disk and SQLite allow; Berth adds HTTP, validation, hashes and the loop.
 *
 * <p>Arguments: a database of Berth's in which services were declared, a file to write to, seconds. Prints transactions per
 * second and the 99th percentile in milliseconds.
 */
public final class PlainInserts {
    private static final String DURABLE =
            "?journal_mode=WAL&synchronous=FULL&busy_timeout=5000&foreign_keys=true&transaction_mode=IMMEDIATE";

    private PlainInserts() {}

    public static void main(String[] args) throws Exception {
        Path target = Path.of(args[1]);
        for (String suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(Path.of(target + suffix));
        }
        long until = Long.parseLong(args[2]) * 1_000_000_000L;
        try (Connection model = DriverManager.getConnection("jdbc:sqlite:" + args[0]);
                Connection plain = DriverManager.getConnection("jdbc:sqlite:" + target + DURABLE)) {
            copySchema(model, plain);
            long[] nanos = insert(
                    plain,
                    row(model, "select * from journal where kind = 'SERVICE' order by seq desc limit 1"),
                    row(model, "select * from audit where action = 'ServiceDeclared' order by seq desc limit 1"),
                    until);
            Arrays.sort(nanos);
            double rate = nanos.length * 1e9 / Arrays.stream(nanos).sum();
            double p99 = nanos[(int) (nanos.length * 0.99)] / 1e6;
            System.out.println(String.format(Locale.ROOT, "%.0f %.1f", rate, p99));
        }
    }

    private static void copySchema(Connection model, Connection plain) throws SQLException {
        try (Statement read = model.createStatement();
                Statement write = plain.createStatement();
                ResultSet all = read.executeQuery("select sql from sqlite_master where sql is not null"
                        + " and tbl_name in ('journal', 'audit', 'anchor') order by type desc")) {
            while (all.next()) {
                write.executeUpdate(all.getString(1));
            }
            write.executeUpdate("insert into anchor (name, seq, hash) values ('journal', 0, ''), ('audit', 0, '')");
        }
    }

    /** Names and values of one row, the sequence number first. */
    private record Row(List<String> columns, List<Object> values) {
        String insertInto(String table) {
            return "insert into " + table + " (" + String.join(", ", columns) + ") values ("
                    + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")";
        }

        void insert(PreparedStatement into, long seq) throws SQLException {
            into.setLong(1, seq);
            for (int i = 1; i < values.size(); i++) {
                into.setObject(i + 1, values.get(i));
            }
            into.executeUpdate();
        }
    }

    private static Row row(Connection model, String query) throws SQLException {
        try (Statement read = model.createStatement();
                ResultSet found = read.executeQuery(query)) {
            if (!found.next()) {
                throw new SQLException("the model database has no such row: " + query);
            }
            List<String> columns = new ArrayList<>();
            List<Object> values = new ArrayList<>();
            for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                columns.add(found.getMetaData().getColumnName(i));
                values.add(found.getObject(i));
            }
            if (!columns.get(0).equals("seq")) {
                throw new SQLException("the sequence number is not the first column: " + columns);
            }
            return new Row(columns, values);
        }
    }

    private static long[] insert(Connection plain, Row journal, Row audit, long until) throws SQLException {
        plain.setAutoCommit(false);
        long[] nanos = new long[1 << 20];
        int count = 0;
        String hash = String.valueOf(audit.values().get(audit.columns().indexOf("hash")));
        try (PreparedStatement journalRow = plain.prepareStatement(journal.insertInto("journal"));
                PreparedStatement auditRow = plain.prepareStatement(audit.insertInto("audit"));
                PreparedStatement anchor =
                        plain.prepareStatement("update anchor set seq = ?, hash = ? where name = ?")) {
            long began = System.nanoTime();
            for (long before = began; before - began < until && count < nanos.length; count++) {
                long seq = count + 1;
                journal.insert(journalRow, seq);
                audit.insert(auditRow, seq);
                move(anchor, "journal", seq, "");
                move(anchor, "audit", seq, hash);
                plain.commit();
                long after = System.nanoTime();
                nanos[count] = after - before;
                before = after;
            }
        }
        return Arrays.copyOf(nanos, count);
    }

    private static void move(PreparedStatement anchor, String name, long seq, String hash) throws SQLException {
        anchor.setLong(1, seq);
        anchor.setString(2, hash);
        anchor.setString(3, name);
        anchor.executeUpdate();
    }
}
