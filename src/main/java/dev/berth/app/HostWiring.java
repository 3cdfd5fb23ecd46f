package dev.berth.app;

import com.sun.security.auth.module.UnixSystem;
import dev.berth.host.CallerLookup;
import dev.berth.host.CommandRunner;
import dev.berth.host.HostObserver;
import dev.berth.host.Launcher;
import dev.berth.host.ObservationException;
import dev.berth.host.OwnerStop;
import dev.berth.host.PortHold;
import dev.berth.host.ProcessControl;
import dev.berth.host.ProcessMeter;
import dev.berth.host.ProcessTable;
import dev.berth.host.TrafficMeter;
import dev.berth.host.UserDirectory;
import dev.berth.host.linux.LinuxCallerLookup;
import dev.berth.host.linux.LinuxPortHold;
import dev.berth.host.linux.OwnUser;
import dev.berth.host.linux.PidfdProcessControl;
import dev.berth.host.linux.ProcfsProcessMeter;
import dev.berth.host.linux.ProcfsProcessReader;
import dev.berth.host.linux.ProcfsProcessTable;
import dev.berth.host.linux.SetsidCommands;
import dev.berth.host.linux.SetsidLauncher;
import dev.berth.host.linux.SockDiagObserver;
import dev.berth.host.linux.SockDiagTrafficMeter;
import dev.berth.host.linux.SpawnLauncher;
import dev.berth.host.linux.SystemOwnerStop;
import dev.berth.host.linux.UserFiles;
import dev.berth.host.linux.UserSwitch;
import dev.berth.host.portable.OshiCallerLookup;
import dev.berth.host.portable.OshiObserver;
import dev.berth.host.portable.OshiProcessMeter;
import dev.berth.host.portable.OshiProcessTable;
import dev.berth.host.portable.PortablePortHold;
import dev.berth.host.portable.PortableProcessControl;
import dev.berth.model.Ancestor;
import dev.berth.model.Mode;
import dev.berth.model.ProcessRef;
import dev.berth.model.User;
import dev.berth.plan.BerthIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Chooses how the machine is seen and acted on: through Linux itself, or portably where that is refused or not Linux. */
@ApplicationScoped
class HostWiring {
    private static final Logger LOG = Logger.getLogger(HostWiring.class);

    /** What sees and acts, as one choice: a weaker look must not be paired with an act that trusts a stronger one. */
    record Host(
            HostObserver observer,
            ProcessControl processes,
            ProcessTable table,
            ProcessMeter meter,
            TrafficMeter traffic,
            PortHold holds,
            CallerLookup callers,
            Launcher launcher,
            CommandRunner commands,
            UserDirectory users) {}

    /** @param change how things are done with users' rights; empty where everything is done with Berth's own */
    record UserRights(Optional<UserSwitch> change) {}

    @Produces
    @Singleton
    UserRights users(Mode mode) {
        try {
            return new UserRights(
                    mode == Mode.SHARED ? Optional.of(UserSwitch.open(System::nanoTime)) : Optional.empty());
        } catch (IOException missing) {
            throw new IllegalStateException(
                    "a Berth for the whole machine can't be run here: " + missing.getMessage(), missing);
        }
    }

    @Produces
    @Singleton
    Host host(UserRights users) {
        if (System.getProperty("os.name").equals("Linux")) {
            try {
                return linux(users.change());
            } catch (IOException | ObservationException refused) {
                LOG.warnf(
                        "Linux's own interfaces can't be used (%s); looking portably, with less to see",
                        refused.getMessage());
            }
        }
        return portable();
    }

    private static Host linux(Optional<UserSwitch> users) throws IOException, ObservationException {
        ProcfsProcessReader reader = new ProcfsProcessReader(System::nanoTime);
        HostObserver observer = SockDiagObserver.open(reader, InstantSource.system(), System::nanoTime);
        PidfdProcessControl processes = new PidfdProcessControl();
        return new Host(
                observer,
                processes,
                new ProcfsProcessTable(System::nanoTime),
                new ProcfsProcessMeter(),
                SockDiagTrafficMeter.open(),
                new LinuxPortHold(),
                LinuxCallerLookup.open(),
                launcher(processes, reader, users),
                new SetsidCommands(processes, searchPath(), users, System::nanoTime),
                UserFiles.system());
    }

    private static Launcher launcher(
            PidfdProcessControl processes, ProcfsProcessReader reader, Optional<UserSwitch> users) throws IOException {
        if (SpawnLauncher.isSupported()) {
            return new SpawnLauncher(processes, searchPath(), users);
        }
        LOG.info(
                "This system lacks glibc 2.34 or Linux 5.4: services are started through setsid(1), and how they end is"
                        + " known on newer kernels only");
        return new SetsidLauncher(reader, searchPath(), users);
    }

    private static Host portable() {
        PortHold holds = new PortablePortHold();
        Launcher launcher = spec -> {
            throw new Launcher.LaunchException(
                    "services can't be started on this system yet: there is no way to give them a session of their own",
                    new UnsupportedOperationException("setsid"));
        };
        return new Host(
                new OshiObserver(holds, InstantSource.system()),
                new PortableProcessControl(),
                new OshiProcessTable(System::nanoTime),
                new OshiProcessMeter(),
                TrafficMeter.NONE,
                holds,
                new OshiCallerLookup(),
                launcher,
                new NoCommands(),
                new NoUsers());
    }

    /** Where users are not looked up: enough for a Berth of one user, which asks nothing of them. */
    private static final class NoUsers implements UserDirectory {
        @Override
        public User of(long uid) {
            return new User(uid, Optional.empty());
        }

        @Override
        public Optional<User> named(String name) throws IOException {
            throw new IOException("users can't be looked up on this system yet");
        }

        @Override
        public boolean isMember(User user, String group) {
            return false;
        }
    }

    /** Where there is no way to end everything that a command starts. */
    private static final class NoCommands implements CommandRunner {
        @Override
        public Ran run(Order order) {
            return new Ran.NotRun("commands can't be run on this system yet: there is no way to give them a session of"
                    + " their own");
        }

        @Override
        public void close() {
            // Nothing ever runs.
        }
    }

    void close(@Disposes Host host) {
        host.commands().close();
        host.observer().close();
        host.traffic().close();
        host.table().close();
        host.processes().close();
    }

    @Produces
    @Singleton
    CallerLookup callers(Host host) {
        return host.callers();
    }

    @Produces
    @Singleton
    OwnerStop owners() {
        return new SystemOwnerStop(SystemOwnerStop.toolsOn(searchPath()), uid());
    }

    /** Who this daemon is; asked of the observer, so that it compares with what the observer sees. */
    @Produces
    @Singleton
    BerthIdentity identity(Host host) {
        long pid = ProcessHandle.current().pid();
        ProcessRef self = host.observer()
                .identify(pid)
                .orElseThrow(() -> new IllegalStateException("the observer can't see Berth itself (pid " + pid + ")"));
        List<ProcessRef> ancestors = host.observer()
                .describe(self)
                .map(facts -> facts.ancestors().stream().map(Ancestor::ref).toList())
                .orElseGet(List::of);
        return new BerthIdentity(
                self,
                new User(
                        uid(),
                        // The JDK's word for a uid that has no name is "?".
                        Optional.ofNullable(System.getProperty("user.name")).filter(name -> !name.equals("?"))),
                ancestors,
                Startup.handed()
                        .map(Startup::data)
                        .map(DataDirectory::installation)
                        .orElse("unnamed"),
                InstantSource.system().instant());
    }

    private static long uid() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return new UnixSystem().getUid();
        }
        try {
            return OwnUser.uid();
        } catch (IOException unknown) {
            throw new UncheckedIOException("Berth can't tell which user it runs as", unknown);
        }
    }

    private static String searchPath() {
        return System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    }
}
