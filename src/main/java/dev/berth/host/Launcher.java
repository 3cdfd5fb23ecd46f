package dev.berth.host;

import dev.berth.model.Command;
import dev.berth.model.ProcessRef;
import java.nio.file.Path;
import java.util.Map;

/** Starts services in a session of their own, so that they outlive Berth. */
public interface Launcher {
    /**
     * Starts the program and returns its identity; does not wait for anything it does.
     *
     * @throws LaunchException when the program could not be started; the message says why in words
     */
    ProcessRef launch(LaunchSpec spec) throws LaunchException;

    /**
     * @param environment the whole environment of the program, marker included
     * @param log output and errors are appended here; of a program that runs as a user it belongs to them
     * @param rights the program's
     */
    record LaunchSpec(
            Command command, Path workingDirectory, Map<String, String> environment, Path log, Rights rights) {
        public LaunchSpec {
            environment = Map.copyOf(environment);
        }
    }

    /** A program could not be started. */
    final class LaunchException extends Exception {
        private static final long serialVersionUID = 1L;

        public LaunchException(String message) {
            super(message);
        }

        public LaunchException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
