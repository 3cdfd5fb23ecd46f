package dev.berth.notify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Up to where one webhook has told the journal, and what of it shapes what is told next. Used by one thread at a time. */
final class Memory {
    /** Conflicts are told of within minutes; a row about one comes again at most this many notices later. */
    private static final int REMEMBERED = 512;

    private long version;
    private final Set<String> told;
    private final Map<String, String> down;
    private final Flaps flaps;

    Memory(long version, List<String> told, Map<String, String> down, Map<String, Flaps.Track> flaps) {
        this.version = version;
        this.told = new LinkedHashSet<>(told);
        this.down = new LinkedHashMap<>(down);
        this.flaps = new Flaps(flaps);
    }

    static Memory from(long version) {
        return new Memory(version, List.of(), Map.of(), Map.of());
    }

    /** As it is written down. */
    record Written(long version, List<String> told, Map<String, String> down, Map<String, Flaps.Track> flaps) {}

    Written written() {
        return new Written(version, new ArrayList<>(told), new LinkedHashMap<>(down), flaps.written());
    }

    Flaps flaps() {
        return flaps;
    }

    long version() {
        return version;
    }

    void reached(long newVersion) {
        version = newVersion;
    }

    boolean wasTold(String id) {
        return told.contains(id);
    }

    void tell(String id) {
        told.add(id);
        while (told.size() > REMEMBERED) {
            told.remove(told.iterator().next());
        }
    }

    /** Is it news that the service is in this state of failure? */
    boolean isNews(String uid, String state) {
        return !state.equals(down.get(uid));
    }

    boolean isDown(String uid) {
        return down.containsKey(uid);
    }

    void goesDown(String uid, String state) {
        down.put(uid, state);
    }

    void isUp(String uid) {
        down.remove(uid);
    }
}
