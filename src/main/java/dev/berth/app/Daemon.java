package dev.berth.app;

import dev.berth.config.SettingCatalog;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jboss.logging.Logger;

/** From the moment when everything listens until the daemon is told to stop. */
final class Daemon implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(Daemon.class);

    private final LiveSettings settings;

    Daemon(LiveSettings settings) {
        this.settings = settings;
    }

    @Override
    public int run(String... arguments) {
        Startup startup = Startup.handed().orElseThrow();
        startup.socket().open();
        tellWhere(startup);
        new FirstLook(URI.create(startup.listen().url())).begin();
        Quarkus.waitForExit();
        forget(startup);
        return 0;
    }

    private void tellWhere(Startup startup) {
        ListenAddress listen = startup.listen();
        if (listen.wanted().isPresent()) {
            LOG.warnf(
                    "port %d is taken; Berth listens on the next free one",
                    listen.wanted().getAsInt());
        }
        Optional<Path> directory = startup.data().path();
        if (directory.isEmpty()) {
            LOG.warnf(
                    "NOTHING IS KEPT: %s. Berth keeps its state in memory, and forgets it when it stops."
                            + " Set BERTH_DATA_DIR to a directory that can be written.",
                    startup.data().trouble().orElse("there is no data directory"));
        }
        directory.ifPresent(path -> write(path.resolve("endpoint"), startup));
        LOG.infof(
                "Berth listens on %s%s",
                listen.url(),
                directory.map(path -> " and keeps its state in " + path).orElse(""));
        Surroundings.detect(startup.environment())
                .portMapping(listen, settings.settings().get(SettingCatalog.ALLOWED_HOSTS))
                .ifPresent(LOG::info);
    }

    private static void write(Path endpoint, Startup startup) {
        String socket = startup.socket()
                .path()
                .filter(Files::exists)
                .map(path -> "unix:" + path + "\n")
                .orElse("");
        try {
            DataDirectory.replace(endpoint, startup.listen().url() + "\n" + socket);
        } catch (IOException refused) {
            LOG.warnf(
                    "%s can't be written (%s): the command line won't find this daemon by itself",
                    endpoint, refused.getMessage());
        }
    }

    private static void forget(Startup startup) {
        startup.data().path().map(path -> path.resolve("endpoint")).ifPresent(endpoint -> {
            try {
                Files.deleteIfExists(endpoint);
            } catch (IOException refused) {
                LOG.warnf("%s can't be removed: %s", endpoint, refused.getMessage());
            }
        });
    }
}
