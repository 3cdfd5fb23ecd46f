package dev.berth.model;

import java.util.List;

/** A command line, in one of the two forms that a Dockerfile knows. */
public sealed interface Command {
    /** Runs through {@code sh -c}. */
    record Shell(String text) implements Command {
        public Shell {
            if (text.isBlank()) {
                throw new IllegalArgumentException("a command must not be blank");
            }
        }
    }

    /** Runs the program directly, each element one argument. */
    record Exec(List<String> arguments) implements Command {
        public Exec {
            arguments = List.copyOf(arguments);
            if (arguments.isEmpty() || arguments.get(0).isBlank()) {
                throw new IllegalArgumentException("a command needs a program");
            }
        }
    }
}
