package dev.berth.model;

import java.util.Optional;

/**
 * A user of the machine. The uid decides, the name is for people.
 *
 * @param uid the kernel's number
 * @param name empty when the user database doesn't know the uid
 */
public record User(long uid, Optional<String> name) {
    public static final long ROOT = 0;

    public static User of(long uid, String name) {
        return new User(uid, Optional.of(name));
    }

    public boolean isRoot() {
        return uid == ROOT;
    }

    /** The name, or {@code uid 1000} when there is none. */
    public String display() {
        return name.orElseGet(() -> "uid " + uid);
    }
}
