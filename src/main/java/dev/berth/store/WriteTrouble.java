package dev.berth.store;

import java.time.Instant;

/** Why Berth can't write its memory, and since when; goes with the next write that succeeds. */
record WriteTrouble(Instant since, StoreException.Cause kind, String message) {

    /** The same trouble going on keeps its beginning. */
    WriteTrouble goingOn(StoreException latest) {
        return new WriteTrouble(since, latest.kind(), String.valueOf(latest.getMessage()));
    }

    static WriteTrouble since(Instant now, StoreException first) {
        return new WriteTrouble(now, first.kind(), String.valueOf(first.getMessage()));
    }

    /** What is wrong, since when, and what to do. */
    String sentence() {
        return "Berth can't write its memory since " + since + ": " + message + ". " + advice();
    }

    private String advice() {
        return switch (kind) {
            case BUSY ->
                "Close the program that holds the database file locked (a database browser, a backup); "
                        + "Berth goes on by itself.";
            case FULL ->
                "Free space on the disk that holds Berth's data directory (df -h tells which is full); "
                        + "until then nothing is ended and no change is taken, and Berth goes on by itself afterwards.";
            case IO ->
                "Look at the disk and at the permissions of Berth's data directory (dmesg tells of failing "
                        + "hardware); Berth tries again with the next change.";
            case CORRUPT -> "Stop Berth, move its database file away or put a backup in its place, and start it again.";
            case CLOSED -> "Start Berth again.";
        };
    }
}
