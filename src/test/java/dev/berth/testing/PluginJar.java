package dev.berth.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Assumptions;

/** Jars as users make them: one class of the package {@code plugin}, and the file that names it as a service. */
public final class PluginJar {
    private PluginJar() {}

    /** Compiles the source of the class and packs it. */
    public static URL of(Path directory, Class<?> seam, String type, String source) throws IOException {
        JavaCompiler compiler = Optional.ofNullable(ToolProvider.getSystemJavaCompiler())
                .orElseGet(() -> Assumptions.abort("this test needs a JDK with its compiler"));
        Path work = Files.createDirectory(directory.resolve(type));
        Path file = Files.writeString(work.resolve(type + ".java"), source);
        int status = compiler.run(
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                System.err,
                "-proc:none",
                "-cp",
                Path.of(locationOf(seam)) + File.pathSeparator + System.getProperty("java.class.path"),
                "-d",
                work.toString(),
                file.toString());
        assertEquals(0, status, "the compiler's status");
        return naming(directory, seam, type, "plugin." + type, Optional.of(work.resolve("plugin/" + type + ".class")));
    }

    /** A jar that names a provider, with its class or without. */
    public static URL naming(Path directory, Class<?> seam, String name, String provider, Optional<Path> type)
            throws IOException {
        Path jar = directory.resolve(name + ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new ZipEntry("META-INF/services/" + seam.getName()));
            out.write(provider.getBytes(StandardCharsets.UTF_8));
            if (type.isPresent()) {
                out.putNextEntry(new ZipEntry(provider.replace('.', '/') + ".class"));
                Files.copy(type.orElseThrow(), out);
            }
        }
        return jar.toUri().toURL();
    }

    private static String locationOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().getPath();
    }
}
