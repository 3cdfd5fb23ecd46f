package dev.berth.model;

import java.util.OptionalLong;

/** Who did something: a person by uid, or Berth itself. */
public record Actor(Kind kind, String name, OptionalLong uid) {
    /** A caller, or the control loop. */
    public enum Kind {
        USER,
        CONTROLLER
    }

    /** What follows a user's name where a token stood for them; no user's name has it. */
    public static final String BY_TOKEN = " (token ";

    public static final Actor CONTROLLER = new Actor(Kind.CONTROLLER, "berth", OptionalLong.empty());

    public static Actor user(User user) {
        return new Actor(Kind.USER, user.display(), OptionalLong.of(user.uid()));
    }
}
