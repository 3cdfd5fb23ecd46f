package dev.berth.app;

import com.sun.security.auth.module.UnixSystem;
import dev.berth.config.SettingException;
import dev.berth.config.SettingSources;
import dev.berth.model.Mode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Starts the daemon. What must be known before the framework reads its configuration (where to listen, where the database
 * lies) is decided here and handed over as system properties, which nothing in a directory or environment overrides.
 */
@QuarkusMain
public final class Main {
    private Main() {}

    /** Runs until the daemon is told to stop; the exit status is 2 for a wrong value, 1 when it could not start. */
    public static void main(String... arguments) {
        try {
            run(arguments);
        } catch (StartException refused) {
            System.err.println("berth: " + refused.getMessage());
            System.exit(refused.exitStatus());
        }
    }

    private static void run(String... arguments) throws StartException {
        takeName();
        Path caller =
                Path.of(System.getenv().getOrDefault("BERTH_CALLER_DIR", "")).toAbsolutePath();
        Map<String, String> environment = StartToken.withFile(System.getenv(), caller);
        StartToken.isGiven(environment);
        Arguments given = Arguments.parse(List.of(arguments));
        Mode mode = StartMode.choose(environment, new UnixSystem().getUid());
        SettingSources settings = settings(given, environment, caller);
        Optional<Path> file = given.file(environment, caller);
        DataDirectory data = DataDirectory.open(mode, environment, caller);
        SocketPlace socket = SocketPlace.prepare(mode, environment, data);
        // Before the first class of theirs: they read it once.
        System.getProperties()
                .putAll(UnpackDirectory.choose(data, Path.of(System.getProperty("java.io.tmpdir")))
                        .properties());
        ListenAddress listen = ListenAddress.choose(environment);
        Startup.hand(new Startup(mode, data, listen, socket, environment, settings, file));
        System.getProperties().putAll(FrameworkConfiguration.of(data, listen, socket));
        Quarkus.run(Daemon.class, Main::failed);
    }

    private static void takeName() {
        try {
            KernelName.take(Path.of("/proc/self/comm"));
        } catch (IOException refused) {
            System.err.println("berth: could not take its name (" + refused.getMessage()
                    + "); another Berth of this user won't know it for one");
        }
    }

    private static SettingSources settings(Arguments given, Map<String, String> environment, Path caller)
            throws StartException {
        try {
            return LiveSettings.sources(
                    given.settings(), environment, caller, words -> System.err.println("berth: " + words));
        } catch (SettingException wrong) {
            throw new StartException(StartException.WRONG_VALUE, String.valueOf(wrong.getMessage()));
        }
    }

    private static void failed(int status, @Nullable Throwable cause) {
        if (cause != null) {
            System.err.println("berth: could not start: " + rootOf(cause).getMessage());
        }
        System.exit(cause == null ? status : StartException.REFUSED);
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }
}
