package dev.berth.api;

import java.util.OptionalLong;

/**
 * One message of a watch.
 *
 * @param type {@code added}, {@code modified}, {@code deleted}, {@code bookmark}, or empty for one that only shows that the
 *     connection lives
 * @param id the version to resume after; empty while what was there at the beginning is being told
 * @param data the object as JSON
 */
record WatchEvent(String type, OptionalLong id, String data) {
    static final WatchEvent HEARTBEAT = new WatchEvent("", OptionalLong.empty(), "");

    /** Everything up to the version has been told. */
    static WatchEvent bookmark(long version) {
        return new WatchEvent("bookmark", OptionalLong.of(version), "{\"resourceVersion\":\"" + version + "\"}");
    }
}
