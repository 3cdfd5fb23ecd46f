package dev.berth.sim;

import dev.berth.model.Command;
import dev.berth.sim.Program.Endpoint;
import dev.berth.sim.Program.Habits;
import dev.berth.sim.Program.OnTerm;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The programs that services run, by the command line with which they are declared: a word, and what it needs to know. */
enum ServicePrograms {
    /** Listens on its port after a while and goes when it is told to. */
    SERVES {
        @Override
        Program of(Program named, Endpoint on, int number) {
            return named.listening(on).living(after(number));
        }
    },
    /** Never comes up. */
    EXITS {
        @Override
        Program of(Program named, Endpoint on, int number) {
            return named.living(ending(Duration.ofMillis(number % 20), number % 3 == 0 ? 0 : 1));
        }
    },
    /** Works for a while. */
    CRASHES {
        @Override
        Program of(Program named, Endpoint on, int number) {
            return named.listening(on).living(ending(Duration.ofMillis(20 + number), 2));
        }
    },
    /** A master and its workers. */
    FORKS {
        @Override
        Program of(Program named, Endpoint on, int number) {
            return named.listening(on).withWorkers(2);
        }
    },
    /** The first process ends, a child in a session of its own listens. */
    DAEMONIZES {
        @Override
        Program of(Program named, Endpoint on, int number) {
            return named.listening(on).daemonizing().living(after(number % 2 == 0 ? 0 : number));
        }
    },
    /** Leaves a grandchild in a session of its own behind. */
    SCATTERS {
        @Override
        Program of(Program named, Endpoint on, int number) {
            return named.listening(on).living(new Habits(Duration.ZERO, Optional.empty(), 0, true, false));
        }
    },
    /** Takes no notice of SIGTERM. */
    STUBBORN {
        @Override
        Program of(Program named, Endpoint on, int number) {
            return named.listening(on).onTerm(OnTerm.IGNORE, Duration.ZERO);
        }
    },
    /** Goes, but takes its time. */
    SLOW_TO_GO {
        @Override
        Program of(Program named, Endpoint on, int number) {
            return named.listening(on).onTerm(OnTerm.EXIT, Duration.ofMillis(4L * number));
        }
    },
    /** Forks when it is told to go. */
    FORKS_ON_STOP {
        @Override
        Program of(Program named, Endpoint on, int number) {
            return named.listening(on).onTerm(OnTerm.FORK_WORKER, Duration.ofMillis(1 + number / 10));
        }
    },
    /** Lets another program go on in its place when it is told to go. */
    HANDS_OVER {
        @Override
        Program of(Program named, Endpoint on, int number) {
            return named.listening(on).onTerm(OnTerm.HAND_OVER, Duration.ofMillis(1 + number / 10));
        }
    },
    /** Listens where it likes. */
    DRIFTS {
        @Override
        Program of(Program named, Endpoint on, int number) {
            return named.listening(on.withPort(World.FIRST_PORT + number % (World.LAST_PORT - World.FIRST_PORT)));
        }
    },
    /** Listens, and does not work. */
    SICK {
        @Override
        Program of(Program named, Endpoint on, int number) {
            return named.listening(on).living(new Habits(Duration.ZERO, Optional.empty(), 0, false, true));
        }
    };

    /** The largest number that a command line says. */
    static final int MOST = 1500;

    abstract Program of(Program named, Endpoint on, int number);

    private static Habits after(int millis) {
        return new Habits(Duration.ofMillis(millis), Optional.empty(), 0, false, false);
    }

    private static Habits ending(Duration after, int status) {
        return new Habits(Duration.ZERO, Optional.of(after), status, false, false);
    }

    /** Can it be Running, once it has its port? */
    boolean works() {
        return this != EXITS && this != CRASHES && this != DRIFTS && this != SICK;
    }

    Command command(int number) {
        return new Command.Exec(List.of(word(), Integer.toString(number)));
    }

    /** What the program is called that this command line starts. */
    static String word(Command command) {
        return of(command).word();
    }

    private String word() {
        return "run-" + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    static ServicePrograms of(Command command) {
        String first = ((Command.Exec) command).arguments().get(0);
        for (ServicePrograms each : values()) {
            if (each.word().equals(first)) {
                return each;
            }
        }
        throw new IllegalArgumentException("nobody declares " + command);
    }

    /** What this command line starts, told to listen there. */
    static Program program(Command command, Endpoint on) {
        List<String> line = ((Command.Exec) command).arguments();
        Program named = Program.named(line.get(0), line.toArray(String[]::new));
        return of(command).of(named, on, Integer.parseInt(line.get(1)));
    }
}
