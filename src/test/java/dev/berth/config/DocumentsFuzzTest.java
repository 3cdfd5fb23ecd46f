package dev.berth.config;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.berth.launch.EnvFile;
import dev.berth.launch.EnvFileException;
import dev.berth.model.BoundedPattern;
import dev.berth.model.Secrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a file, a pattern or a command line holds: read, or refused in words. */
class DocumentsFuzzTest {
    private static final int STEPS = 200_000;
    private static final Path EXAMPLES = Path.of("deploy/examples");

    static Stream<byte[]> documents() throws IOException {
        return Stream.concat(
                Stream.of(
                                Files.readString(EXAMPLES.resolve("two-servers/berth.yaml")),
                                Files.readString(EXAMPLES.resolve("monorepo/berth.yaml")),
                                Files.readString(EXAMPLES.resolve("ci/berth.yaml")),
                                "{\"services\": {\"a\": {\"port\": 8000, \"command\": [\"x\", \"{port}\"], \"dependsOn\":"
                                        + " {\"b\": \"ready\"}}, \"b\": {\"portRange\": \"8000-8100\", \"replicas\": 2}}}",
                                // anchors, merges, tags, several documents, texts over many lines
                                "x: &x {port: 80, host: ::1}\nservices:\n  a:\n    <<: *x\n    command: |-\n      one\n"
                                        + "      two\n    labels: {a: !!str 1, b: 0x1f, c: 1_000, d: 2025-01-01, e: ~}\n",
                                "---\nkind: Service\nmetadata: {name: a, namespace: fuzz}\nspec: {port: 1}\n...\n---\n"
                                        + "kind: List\nitems:\n- {kind: Reservation, metadata: {name: '80'}}\n",
                                "&a [*a, *a]",
                                "services: {a: {port: 1, port: 2}, ? [b] : 1}")
                        .map(text -> text.getBytes(StandardCharsets.UTF_8)),
                Stream.of(
                        new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf, 'a', ':', ' ', '1'},
                        new byte[] {'{', '"', (byte) 0xc0, (byte) 0xaf, '"', ':', '1', '}'}));
    }

    @MethodSource
    @FuzzTest(maxDuration = "3m")
    void documents(byte[] bytes) {
        for (Documents.Format format : Documents.Format.values()) {
            try {
                StackReader.read(
                        Documents.readAll(bytes, format), SpecRules.BUILT_IN, "default", key -> Optional.empty());
            } catch (DocumentException refused) {
                worded(refused);
            }
        }
    }

    static Stream<byte[]> imports() throws IOException {
        return Stream.of(
                        Files.readString(EXAMPLES.resolve("procfile/Procfile")),
                        "web: node app.js --port 3000\nworker: ./w ${PORT:-4000}\nrelease: x\n",
                        "services:\n  db:\n    image: postgres:16\n    ports: ['127.0.0.1:5433:5432', '8000-8002:80',"
                                + " {published: 9000, target: 80, protocol: udp}]\n  web:\n    build: .\n    command: [npm,"
                                + " start]\n    environment: [A=b, C]\n    depends_on: {db: {condition: service_healthy}}\n",
                        "# ports\nexport API_PORT=8000\nDB_PORT='5432'\nA=\"b\\n$c ${d:-e}\" # comment\nE=\\\n  f\n")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource
    @FuzzTest(maxDuration = "3m")
    void imports(byte[] bytes) {
        try {
            ProcfileImport.read(Documents.text(bytes));
            EnvImport.read(EnvFile.parse(Documents.text(bytes), "file"));
        } catch (DocumentException | EnvFileException refused) {
            worded(refused);
        }
        try {
            ComposeImport.read(Documents.readOne(bytes, Documents.Format.YAML).tree());
        } catch (DocumentException refused) {
            worded(refused);
        }
    }

    private static void worded(Exception refused) {
        if (refused.getMessage() == null || refused.getMessage().isBlank()) {
            throw new AssertionError("a refusal without words", refused);
        }
    }

    static Stream<byte[]> patterns() {
        return Stream.of(
                        "vite\nnode /srv/node_modules/.bin/vite --port 5173",
                        "^(?:python3?|uvicorn)\\b.*:app$\npython3 -m uvicorn main:app",
                        "(a+)+$\naaaaaaaaaaaaaaaaaaaaaaaa!",
                        "(x|y|xy)*\\1{2,3}?(?=z)(?<!w)\nxyxyxyxyxyz",
                        "[\\p{L}&&[^a-z]]++\\Q(\\E\nÄÖ(💥",
                        "c++ [api\ng++ c++ [api")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    /** The pattern in the first line, and below it what it is looked for in. */
    @MethodSource
    @FuzzTest(maxDuration = "3m")
    void patterns(byte[] bytes) {
        String[] parts = new String(bytes, StandardCharsets.UTF_8).split("\n", 2);
        BoundedPattern.of(parts[0]).find(parts[parts.length - 1], STEPS);
    }

    static Stream<byte[]> secrets() {
        return Stream.of(
                        "psql postgres://ann:hunter2@localhost:5432/x?sslpassword=y",
                        "curl -u a:b -H 'Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.e30.x' --api-key=\"q \\\" r\" https://x",
                        "PGPASSWORD=x mysql -psecret --password y TOKEN_FILE=/run/t",
                        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n",
                        "ghp_0123456789abcdef0123 AKIA0123456789ABCDEF sk-proj-0123456789abcdef")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource
    @FuzzTest(maxDuration = "3m")
    void secrets(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        Secrets.text(text);
        Secrets.command(List.of(text.split(" ")));
    }
}
