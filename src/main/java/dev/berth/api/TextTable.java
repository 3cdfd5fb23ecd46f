package dev.berth.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Aligned columns for a terminal. The last column is not padded and may be as long as it is. */
final class TextTable {
    private static final String GAP = "  ";

    /** A column is never wider, so that one long value doesn't push the others off the screen. */
    private static final int WIDEST = 48;

    private final List<String[]> rows = new ArrayList<>();

    private TextTable() {}

    static TextTable of(String... headings) {
        TextTable table = new TextTable();
        table.rows.add(headings);
        return table;
    }

    /** Without headings: names and what they stand for. */
    static TextTable plain() {
        return new TextTable();
    }

    TextTable row(Object... cells) {
        rows.add(Arrays.stream(cells).map(TextTable::cell).toArray(String[]::new));
        return this;
    }

    /** Nothing but the headings. */
    boolean isEmpty() {
        return rows.size() < 2;
    }

    @Override
    public String toString() {
        int columns = rows.stream().mapToInt(row -> row.length).max().orElse(0);
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int i = 0; i < row.length - 1; i++) {
                row[i] = shorten(row[i]);
                widths[i] = Math.max(widths[i], width(row[i]));
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                line.append(row[i]);
                if (i < row.length - 1) {
                    line.append(" ".repeat(widths[i] - width(row[i]))).append(GAP);
                }
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /** One line, whatever the value: it may come from a process that somebody else named. */
    private static String cell(Object value) {
        String text = String.valueOf(value).replaceAll("\\p{Cntrl}+", " ").strip();
        return text.isEmpty() ? "-" : text;
    }

    private static String shorten(String text) {
        return text.codePointCount(0, text.length()) <= WIDEST
                ? text
                : text.substring(0, text.offsetByCodePoints(0, WIDEST - 1)) + "…";
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
