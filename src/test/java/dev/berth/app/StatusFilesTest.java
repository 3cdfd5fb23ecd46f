package dev.berth.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.model.Command;
import dev.berth.model.Mode;
import dev.berth.model.ProcessRef;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.store.ChangeSet;
import dev.berth.store.JournalRegistry;
import dev.berth.store.MemoryStore;
import dev.berth.store.Registry;
import dev.berth.store.StoredSamples;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusFilesTest {
    @TempDir
    Path directory;

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private Registry registry;
    private Path logs;

    @BeforeEach
    void open() throws Exception {
        registry = JournalRegistry.open(
                new MemoryStore(), InstantSource.fixed(StoredSamples.NOON), System::nanoTime, Runnable::run);
        logs = directory.resolve("logs");
    }

    @AfterEach
    void end() {
        executor.shutdownNow();
    }

    @Test
    void theyFollowTheServiceAndGoWithIt() throws Exception {
        files().start();
        Service backend = commit(withCommand("backend"));
        awaitText("backend_status.json", "{backend 1}");
        assertThat(names()).containsExactly("backend_status.json");

        backend = commit(with(backend, Optional.of(new ProcessRef(4711, 1, "boot"))));
        awaitText("backend.pid", "4711\n");
        awaitText("backend_status.json", "{backend 2}");
        for (String name : names()) {
            assertThat(Files.getPosixFilePermissions(logs.resolve(name)))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
        assertThat(Files.getPosixFilePermissions(logs)).isEqualTo(PosixFilePermissions.fromString("rwx------"));

        backend = commit(with(backend, Optional.empty()));
        awaitText("backend_status.json", "{backend 3}");
        await().untilAsserted(() -> assertThat(names()).containsExactly("backend_status.json"));

        Files.writeString(logs.resolve("backend.log"), "history\n");
        registry.commit(ChangeSet.builder().delete(backend).build());
        await().untilAsserted(() -> assertThat(names()).containsExactly("backend.log"));
        assertThat(warnings).isEmpty();
    }

    @Test
    void anObservedServiceHasNone() throws Exception {
        files().start();
        Service guarded = commit(StoredSamples.service("guarded"));
        commit(with(guarded, Optional.of(new ProcessRef(4711, 1, "boot"))));
        commit(withCommand("backend"));
        awaitText("backend_status.json", "{backend 3}");
        await().untilAsserted(() -> assertThat(names()).containsExactly("backend_status.json"));
    }

    @Test
    void whatAnEarlierDaemonLeftIsMadeRight() throws Exception {
        commit(withCommand("backend"));
        Files.createDirectories(logs.resolve("team"));
        Files.writeString(logs.resolve("backend.pid"), "1\n");
        Files.writeString(logs.resolve("backend_status.json"), "old");
        Files.writeString(logs.resolve("gone.pid"), "2\n");
        Files.writeString(logs.resolve("gone.log"), "history\n");
        Files.writeString(logs.resolve("team/gone_status.json"), "old");
        Files.writeString(logs.resolve("team/gone.log.1"), "history\n");
        files().start();
        awaitText("backend_status.json", "{backend 1}");
        await().untilAsserted(() ->
                assertThat(names()).containsExactly("backend_status.json", "gone.log", "team/gone.log.1"));
    }

    @Test
    void whatIsTrueAlreadyIsNotWritten() throws Exception {
        Service backend = commit(withCommand("backend"));
        Path status = Files.createDirectories(logs).resolve("backend_status.json");
        Files.writeString(status, "{backend 1}");
        Object before = Files.readAttributes(status, "unix:ino").get("ino");
        StatusFiles files = files();
        files.start();
        files.close();
        assertThat(Files.readAttributes(status, "unix:ino").get("ino")).isEqualTo(before);
        assertThat(backend.resourceVersion()).isEqualTo(1);
    }

    @Test
    void whatIsNotWrittenYetIsWrittenAtTheEnd() throws Exception {
        StatusFiles files = files();
        files.start();
        commit(withCommand("backend"));
        files.close();
        assertThat(logs.resolve("backend_status.json")).hasContent("{backend 1}");
    }

    @Test
    void noEmptyDirectoryOfANamespaceStays() throws Exception {
        Files.createDirectories(logs.resolve("empty"));
        Files.createDirectories(logs.resolve("team"));
        Files.writeString(logs.resolve("team/gone.log"), "history\n");
        StatusFiles files = files();
        files.start();
        files.close();
        assertThat(logs.resolve("empty")).doesNotExist();
        assertThat(logs.resolve("team/gone.log")).exists();
    }

    @Test
    void onASharedMachineEachIsForTheUserOfItsService() throws Exception {
        Tools.requireRoot();
        new StatusFiles(
                        registry,
                        this::log,
                        StatusFilesTest::document,
                        StatusFiles.Placing.of(Mode.SHARED),
                        executor,
                        warnings::add)
                .start();
        Service backend = commit(withCommand("backend"));
        awaitText("backend_status.json", "{backend 1}");

        Path file = logs.resolve("backend_status.json");
        assertThat(Files.getAttribute(file, "unix:uid"))
                .isEqualTo((int) backend.metadata().owner().uid());
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getAttribute(logs, "unix:uid")).isEqualTo(0);
        assertThat(Files.getPosixFilePermissions(logs)).isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void aFailureIsToldOnce() throws Exception {
        Files.writeString(logs, "a file where the directory should be");
        files().start();
        Service backend = commit(withCommand("backend"));
        await().untilAsserted(() -> assertThat(warnings).hasSize(1));
        for (int i = 0; i < 5; i++) {
            backend = commit(StoredSamples.restarted(backend));
        }
        commit(withCommand("other"));
        await().untilAsserted(() -> assertThat(warnings).hasSize(2));
        assertThat(warnings.get(0)).contains("backend_status.json").contains("can't be kept true");
        assertThat(warnings.get(1)).contains("other_status.json");
    }

    private StatusFiles files() {
        return new StatusFiles(
                registry,
                this::log,
                StatusFilesTest::document,
                StatusFiles.Placing.of(Mode.SINGLE),
                executor,
                warnings::add);
    }

    private Path log(ServiceKey key) {
        Path own = key.namespace().equals(ServiceKey.DEFAULT_NAMESPACE) ? logs : logs.resolve(key.namespace());
        return own.resolve(key.name() + ".log");
    }

    private static String document(Service service) {
        return "{" + service.key().name() + " " + service.resourceVersion() + "}";
    }

    private Service commit(Service service) throws Exception {
        return (Service)
                registry.commit(ChangeSet.builder().put(service).build()).get(0);
    }

    private static Service withCommand(String name) {
        Service plain = StoredSamples.service(name);
        return new Service(
                plain.metadata(),
                plain.spec().toBuilder().command(new Command.Shell("true")).build(),
                plain.status());
    }

    private static Service with(Service service, Optional<ProcessRef> process) {
        return service.withStatus(service.status().with(service.status().runOrNone(), process));
    }

    private void awaitText(String name, String text) {
        await().untilAsserted(() -> assertThat(logs.resolve(name)).hasContent(text.strip()));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.walk(logs)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> logs.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
