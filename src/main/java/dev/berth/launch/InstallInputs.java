package dev.berth.launch;

import dev.berth.model.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** What an install depends on, as far as it can be seen: its command, where it runs, and what declares dependencies there. */
final class InstallInputs {
    /** The files in which package managers of the usual languages write what is to be installed. */
    private static final String MANIFESTS =
            "{package.json,package-lock.json,npm-shrinkwrap.json,yarn.lock,pnpm-lock.yaml,"
                    + "bun.lock,bun.lockb,deno.json,deno.lock,requirements*.txt,pyproject.toml,poetry.lock,uv.lock,Pipfile,"
                    + "Pipfile.lock,setup.py,setup.cfg,Gemfile,Gemfile.lock,go.mod,go.sum,Cargo.toml,Cargo.lock,pom.xml,"
                    + "build.gradle,build.gradle.kts,composer.json,composer.lock,mix.exs,mix.lock}";

    /** Of larger files size and time of change are taken instead of the content. */
    private static final long LARGEST_READ = 1L << 20;

    /** 16 bytes: two different inputs never share it by accident, and it can be read aloud. */
    private static final int LENGTH = 32;

    private InstallInputs() {}

    /** @param directory where the command runs; it need not be there, and is empty when that is not known */
    static String fingerprint(Command install, Optional<Path> directory) {
        MessageDigest digest = sha256();
        add(digest, "command", install.toString().getBytes(StandardCharsets.UTF_8));
        directory.ifPresent(place -> {
            add(digest, "directory", place.toString().getBytes(StandardCharsets.UTF_8));
            manifests(place).forEach(file -> add(digest, String.valueOf(file.getFileName()), content(file)));
        });
        return HexFormat.of().formatHex(digest.digest()).substring(0, LENGTH);
    }

    private static SortedSet<Path> manifests(Path directory) {
        SortedSet<Path> files = new TreeSet<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, MANIFESTS)) {
            found.forEach(files::add);
        } catch (IOException | DirectoryIteratorException unreadable) {
            // A directory that is not there has none; that it is missing is told when the command is prepared.
            files.clear();
        }
        return files;
    }

    private static byte[] content(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (attributes.isRegularFile() && attributes.size() <= LARGEST_READ && Files.isReadable(file)) {
                return Files.readAllBytes(file);
            }
            return (attributes.size() + " " + attributes.lastModifiedTime()).getBytes(StandardCharsets.UTF_8);
        } catch (IOException gone) {
            return "unreadable".getBytes(StandardCharsets.UTF_8);
        }
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
