package dev.berth.launch;

import dev.berth.host.FileView;
import dev.berth.model.Command;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** What an install depends on, as far as it can be seen: its command, where it runs, and what declares dependencies there. */
final class InstallInputs {
    /** The files in which package managers of the usual languages write what is to be installed. */
    private static final List<String> MANIFESTS =
            List.of(("package.json package-lock.json npm-shrinkwrap.json yarn.lock"
                            + " pnpm-lock.yaml bun.lock bun.lockb deno.json deno.lock requirements*.txt pyproject.toml poetry.lock"
                            + " uv.lock Pipfile Pipfile.lock setup.py setup.cfg Gemfile Gemfile.lock go.mod go.sum Cargo.toml"
                            + " Cargo.lock pom.xml build.gradle build.gradle.kts composer.json composer.lock mix.exs mix.lock")
                    .split(" "));

    /** 16 bytes: two different inputs never share it by accident, and it can be read aloud. */
    private static final int LENGTH = 32;

    private InstallInputs() {}

    /** @param directory where the command runs; it need not be there, and is empty when that is not known */
    static String fingerprint(Command install, Optional<Path> directory, FileView files) {
        MessageDigest digest = sha256();
        add(digest, "command", install.toString().getBytes(StandardCharsets.UTF_8));
        directory.ifPresent(place -> {
            add(digest, "directory", place.toString().getBytes(StandardCharsets.UTF_8));
            files.signatures(place, MANIFESTS).forEach((name, signature) -> add(digest, name, signature));
        });
        return HexFormat.of().formatHex(digest.digest()).substring(0, LENGTH);
    }

    /** With lengths, so that no two lists of parts look the same. */
    private static void add(MessageDigest digest, String name, byte[] content) {
        digest.update((name + "\0" + content.length + "\0").getBytes(StandardCharsets.UTF_8));
        digest.update(content);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
