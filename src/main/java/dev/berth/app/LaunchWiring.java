package dev.berth.app;

import dev.berth.app.HostWiring.UserRights;
import dev.berth.host.Accounts;
import dev.berth.host.linux.FileMask;
import dev.berth.host.linux.FilesAsUser;
import dev.berth.host.linux.GetentAccounts;
import dev.berth.host.linux.TrustedPath;
import dev.berth.host.linux.UserSwitch;
import dev.berth.launch.ExecutionContexts;
import dev.berth.launch.InheritedEnvironment;
import dev.berth.launch.Launches;
import dev.berth.logs.LogRotation;
import dev.berth.model.Mode;
import dev.berth.plan.BerthIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Makes what knows how services are started, and where their output goes. */
@ApplicationScoped
class LaunchWiring {
    private static final Logger LOG = Logger.getLogger(LaunchWiring.class);

    /** Where services' output goes. */
    record LogDirectory(Path path) {}

    @Produces
    @Singleton
    LogDirectory logs(Mode mode) {
        Path logs = Startup.handed().map(startup -> startup.data().logs()).orElseGet(DataDirectory::logsOfThisStart);
        if (mode == Mode.SHARED) {
            open(logs);
        }
        return new LogDirectory(logs);
    }

    /**
     * Lets every user reach their own logs: by name through the directory above, which shows nothing of what is in it, and
     * whose other files are root's alone.
     */
    private static void open(Path logs) {
        try {
            FileMask.ownerOnly();
            Files.createDirectories(logs);
            Files.setPosixFilePermissions(logs, LogRotation.OPEN_DIRECTORY);
            Optional<Path> data =
                    Startup.handed().flatMap(startup -> startup.data().path());
            if (data.isPresent()) {
                letPass(data.get());
            }
        } catch (IOException refused) {
            throw new IllegalStateException("the directory of the logs can't be prepared: " + refused, refused);
        }
        TrustedPath.fault(logs).ifPresent(fault -> {
            throw new IllegalStateException("a Berth for the whole machine keeps its state where only root can change"
                    + " it: " + fault + "; set BERTH_DATA_DIR to another directory");
        });
    }

    private static void letPass(Path directory) throws IOException {
        try (Stream<Path> inside = Files.list(directory)) {
            for (Path file : inside.filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            }
        }
        Set<PosixFilePermission> mode = EnumSet.copyOf(Files.getPosixFilePermissions(directory));
        mode.addAll(PosixFilePermissions.fromString("--x--x--x"));
        Files.setPosixFilePermissions(directory, mode);
    }

    @Produces
    @Singleton
    Launches launches(BerthIdentity berth, LogDirectory logs, UserRights users) {
        Map<String, String> environment =
                Startup.handed().map(Startup::environment).orElseGet(System::getenv);
        Map<String, String> inherited = InheritedEnvironment.of(environment);
        ExecutionContexts contexts = users.change()
                .map(each -> ofTheirUsers(each, environment))
                .orElseGet(() -> ExecutionContexts.own(() -> inherited));
        return new Launches(contexts, logs.path(), berth.installation(), System::nanoTime);
    }

    private static ExecutionContexts ofTheirUsers(UserSwitch users, Map<String, String> environment) {
        Accounts accounts;
        try {
            accounts = GetentAccounts.open(System::nanoTime);
        } catch (IOException missing) {
            throw new IllegalStateException(
                    "a Berth for the whole machine can't be run here: " + missing.getMessage(), missing);
        }
        return ExecutionContexts.ofUsers(
                accounts, account -> new FilesAsUser(users, account, System::nanoTime), environment);
    }

    /** A directory of this start alone goes with it, but for what services have written or may still write to. */
    void close(@Disposes LogDirectory logs) {
        if (Startup.handed().flatMap(startup -> startup.data().path()).isPresent()) {
            return;
        }
        try {
            removeEmpty(logs.path());
            if (Files.exists(logs.path())) {
                LOG.infof("the logs of services are left in %s: no later Berth will find or remove them", logs.path());
            }
        } catch (IOException kept) {
            LOG.infof("%s is left behind: %s", logs.path(), kept.getMessage());
        }
    }

    private static void removeEmpty(Path directory) throws IOException {
        try (Stream<Path> inside = Files.walk(directory)) {
            for (Path each : inside.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                removeIfEmpty(each);
            }
        }
    }

    private static void removeIfEmpty(Path directory) throws IOException {
        try {
            Files.delete(directory);
        } catch (DirectoryNotEmptyException used) {
            LOG.debugf("%s is left to the services that write there", directory);
        }
    }
}
