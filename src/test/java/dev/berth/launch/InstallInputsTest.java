package dev.berth.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Command;
import dev.berth.model.ServiceSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallInputsTest {
    private static final OwnFiles FILES = new OwnFiles();
    private static final Command NPM = new Command.Shell("npm ci");

    @TempDir
    Path directory;

    @Test
    void theSameInputsHaveTheSameFingerprint() throws Exception {
        write("package.json", "{}");
        write("requirements-dev.txt", "x");
        String before = fingerprint(NPM);
        assertThat(before).matches("[0-9a-f]{32}");
        assertThat(fingerprint(NPM)).isEqualTo(before);
        write("index.js", "changed");
        Files.setLastModifiedTime(directory.resolve("package.json"), FileTime.fromMillis(0));
        assertThat(fingerprint(NPM))
                .as("neither sources nor times of change count")
                .isEqualTo(before);
    }

    @Test
    void everyInputCounts() throws Exception {
        String before = fingerprint(NPM);
        assertThat(fingerprint(new Command.Shell("npm install"))).isNotEqualTo(before);
        assertThat(fingerprint(new Command.Exec(List.of("npm", "ci")))).isNotEqualTo(before);
        assertThat(InstallInputs.fingerprint(NPM, Optional.of(directory.resolve("sub")), FILES))
                .isNotEqualTo(before);
        for (String manifest : List.of(
                "package.json",
                "package-lock.json",
                "requirements.txt",
                "requirements-dev.txt",
                "uv.lock",
                "Pipfile",
                "Gemfile.lock",
                "go.sum",
                "Cargo.lock",
                "pom.xml",
                "build.gradle.kts",
                "composer.lock",
                "mix.exs")) {
            write(manifest, "1");
            String made = fingerprint(NPM);
            assertThat(made).as(manifest).isNotEqualTo(before);
            write(manifest, "2");
            assertThat(fingerprint(NPM)).as(manifest).isNotEqualTo(made);
            before = fingerprint(NPM);
        }
    }

    @Test
    void aLargeManifestCountsBySizeAndTime() throws Exception {
        Path lock = write("package-lock.json", "x".repeat((1 << 20) + 1));
        Files.setLastModifiedTime(lock, FileTime.fromMillis(1));
        String before = fingerprint(NPM);
        Files.setLastModifiedTime(lock, FileTime.fromMillis(2));
        assertThat(fingerprint(NPM)).isNotEqualTo(before);
    }

    @Test
    void onlyAServiceWithAnInstallHasInputs() {
        Launches launches = new Launches(
                ExecutionContexts.own(() -> Map.of("HOME", directory.toString())), directory, "inst", () -> 0);
        assertThat(launches.installInputs(Declared.waiting("web", ServiceSpec.builder())))
                .isEmpty();
        assertThat(launches.installInputs(
                        Declared.waiting("web", ServiceSpec.builder().install(NPM))))
                .contains(fingerprint(NPM));
        assertThat(launches.installInputs(Declared.waiting(
                        "web", ServiceSpec.builder().install(NPM).workingDirectory("${NOWHERE}"))))
                .contains(InstallInputs.fingerprint(NPM, Optional.empty(), FILES));
        assertThat(InstallInputs.fingerprint(NPM, Optional.of(directory.resolve("missing")), FILES))
                .isNotBlank();
    }

    private String fingerprint(Command install) {
        return InstallInputs.fingerprint(install, Optional.of(directory), FILES);
    }

    private Path write(String name, String text) throws Exception {
        return Files.writeString(directory.resolve(name), text);
    }
}
