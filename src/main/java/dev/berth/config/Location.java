package dev.berth.config;

/** A place in a text that somebody wrote, counted from 1 as editors do. */
public record Location(int line, int column) {
    @Override
    public String toString() {
        return "line " + line + ", column " + column;
    }
}
