package dev.berth.app;

import dev.berth.model.Mode;
import dev.berth.model.User;
import java.util.Map;

/** For whom Berth is to work, as the environment of its start says. */
final class StartMode {
    private static final String VARIABLE = "BERTH_MODE";

    private StartMode() {}

    /**
     * @param uid who starts it
     * @throws StartException naming the variable and its value when it is wrong
     */
    static Mode choose(Map<String, String> environment, long uid) throws StartException {
        String given = environment.getOrDefault(VARIABLE, "").strip();
        if (given.isEmpty()) {
            return Mode.SINGLE;
        }
        Mode mode = Mode.of(given)
                .orElseThrow(() -> wrong(
                        given,
                        "allowed are single (for the user who starts it, the default) and"
                                + " shared (for every user of the machine)"));
        if (mode == Mode.SHARED && uid != User.ROOT) {
            throw wrong(
                    given,
                    "a Berth for every user of the machine runs services as their users, which only root can do, and"
                            + " this one is started by uid " + uid + "; start it as root, or in the mode single");
        }
        return mode;
    }

    private static StartException wrong(String given, String why) {
        return new StartException(StartException.WRONG_VALUE, VARIABLE + " is \"" + given + "\": " + why);
    }
}
