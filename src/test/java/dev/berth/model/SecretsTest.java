package dev.berth.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
    private static final int RUNS = 20_000;

    /** Where a secret stands in a command; § is the secret. Arguments are separated by single blanks. */
    private static final List<String> PLACES = List.of(
            "server --password § --port 8000",
            "server --password=§ --port 8000",
            "server -password §",
            "server --db-password=§",
            "server --dbPassword §",
            "java -Dspring.datasource.password=§ -jar app.jar",
            "gradle -PapiKey=§ run",
            "env PGPASSWORD=§ psql",
            "docker run -e API_TOKEN=§ image",
            "PASSWORD=§ ./serve",
            "curl -u § http://localhost/",
            "mysql -p§ shop",
            "redis-cli -a § ping",
            "sshpass -p § ssh host",
            "psql postgres://ann:§@db.example/shop",
            "worker amqp://guest:§@localhost:5672/%2f --verbose",
            "serve --url http://localhost/?access_token=§&limit=3",
            "serve --header X-Api-Key:§",
            "serve --secret-key §",
            "serve --client-secret §",
            "serve --aws-secret-access-key=§",
            "serve --credentials §",
            "serve --config {\"password\":\"§\",\"port\":1}");

    @Test
    void noPartOfASecretSurvives() {
        Random random = new Random(20_26);
        for (int run = 0; run < RUNS; run++) {
            String secret = secret(random);
            String place = PLACES.get(random.nextInt(PLACES.size()));
            String line = place.replace("§", secret);
            List<String> arguments = List.of(line.split(" "));
            assertThat(Secrets.command(arguments))
                    .as(line)
                    .doesNotContain(secret)
                    .contains(Secrets.MASK);
            String program = arguments.get(0);
            boolean special = List.of("curl", "mysql", "redis-cli", "sshpass").contains(program);
            if (!special) {
                // As a shell gets it.
                assertThat(Secrets.command(List.of("sh", "-c", "cd /srv && exec " + line)))
                        .as(line)
                        .doesNotContain(secret);
                assertThat(Secrets.text("it says: " + line + "; done")).as(line).doesNotContain(secret);
            }
        }
    }

    /** Letters, digits and what passwords have besides; long enough not to be in the rest by chance. */
    private static String secret(Random random) {
        String letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        String all = letters + "!#$%*+-.^_~";
        String body = random.ints(4 + random.nextInt(30), 0, all.length())
                .mapToObj(at -> String.valueOf(all.charAt(at)))
                .collect(Collectors.joining());
        return letters.charAt(random.nextInt(letters.length())) + "9x" + body + "z7";
    }

    @Test
    void aSecretInOneArgumentMayHoldAnything() {
        assertThat(Secrets.command(List.of("serve", "--password", "two words \"and\" 'quotes'", "-v")))
                .isEqualTo("serve --password *** -v");
        assertThat(Secrets.command(List.of("serve", "--password=two words", "-v")))
                .isEqualTo("serve --password=*** -v");
        assertThat(Secrets.command(List.of("env", "DB_PASSWORD=two words", "serve")))
                .isEqualTo("env DB_PASSWORD=*** serve");
        assertThat(Secrets.command(List.of("curl", "-H", "Authorization: Bearer abc def", "http://localhost/")))
                .isEqualTo("curl -H Authorization: *** http://localhost/");
        assertThat(Secrets.command(List.of("serve", "--password", "-starts-with-a-dash")))
                .isEqualTo("serve --password ***");
        assertThat(Secrets.text("export PASSWORD='two words' && serve --token \"a b\" -v"))
                .isEqualTo("export PASSWORD='***' && serve --token \"***\" -v");
    }

    /** Names are passed over quickly by what every one of these has in it. */
    @Test
    void everyWordForASecretMakesASecretName() {
        List<String> words = Stream.concat(Secrets.SECRET_WORDS.stream(), Secrets.SECRET_PARTS.stream())
                .toList();
        assertThat(words).allMatch(Secrets::isSecretName);
        assertThat(words.stream().map(word -> "MY_" + word.toUpperCase(Locale.ROOT)))
                .allMatch(Secrets::isSecretName);
    }

    @Test
    void theShortestTokenOfItsKindIsSeen() {
        String shortest = "xoxb-12345678";
        assertThat(shortest).hasSize(Secrets.SHORTEST_SHAPE);
        assertThat(Secrets.text("it says (" + shortest + ")")).isEqualTo("it says (" + Secrets.MASK + ")");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
                "github_pat_11ABCDEFG0abcdefghijklmnop",
                "glpat-abcdefghij0123456789",
                "xoxb-123456789012-abcdefghij",
                "AKIAIOSFODNN7EXAMPLE",
                "AIzaSyA-abcdefghijklmnopqrstuvwxyz01234",
                "sk_live_abcdefghijklmnop",
                "sk-proj-abcdefghijklmnopqrst",
                "npm_abcdefghijklmnopqrstuvwxyz0123456789",
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-def_ghi"
            })
    void tokensAreKnownByTheirShape(String token) {
        assertThat(Secrets.text("serve " + token + " --port 1")).isEqualTo("serve *** --port 1");
        assertThat(Secrets.command(List.of("git", "clone", "https://" + token + "@github.com/a/b.git")))
                .doesNotContain(token);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "python3 -m http.server 8000",
                "node server.js --port 3000 --host 127.0.0.1",
                "java -Xmx512m -Dserver.port=8080 -jar target/app.jar",
                "uvicorn main:app --reload --port 8001",
                "nginx: master process /usr/sbin/nginx -g daemon off;",
                "postgres: 15/main: checkpointer",
                "/usr/lib/postgresql/15/bin/postgres -D /var/lib/postgresql/15/main -c config_file=/etc/x.conf",
                "redis-server *:6379",
                "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups",
                "docker run -u 1000:1000 -p 8080:80 image:tag",
                "serve --key /etc/ssl/server.pem --cert server.crt",
                "serve --password-file /run/secrets/db",
                "sort --key 2 names.txt",
                "keyboard --layout us --monkey business",
                "git clone ssh://git@github.com/a/b.git",
                "curl http://localhost:8080/a?limit=3&offset=5",
                "vite --config vite.config.ts --mode development",
                "sh -c 'cd /srv && exec python3 -m http.server {port}'",
                "authbind --deep author.py compass --tokenizer",
            })
    void normalCommandsAreShownAsTheyAre(String line) {
        assertThat(Secrets.command(List.of(line.split(" ")))).isEqualTo(line);
        assertThat(Secrets.text(line)).isEqualTo(line);
    }

    @Test
    void variablesAreKnownByTheirName() {
        assertThat(Secrets.environment(Map.of(
                        "PORT", "8000",
                        "PGPASSWORD", "x",
                        "AWS_SECRET_ACCESS_KEY", "x",
                        "githubToken", "x",
                        "DATABASE_URL", "postgres://ann:pw@db/shop",
                        "SSH_AUTH_SOCK", "/run/agent",
                        "PASSWORD_FILE", "/run/secret",
                        "EMPTY_TOKEN", "")))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "PORT", "8000",
                        "PGPASSWORD", "***",
                        "AWS_SECRET_ACCESS_KEY", "***",
                        "githubToken", "***",
                        "DATABASE_URL", "postgres://ann:***@db/shop",
                        "SSH_AUTH_SOCK", "/run/agent",
                        "PASSWORD_FILE", "/run/secret",
                        "EMPTY_TOKEN", ""));
    }

    @Test
    @Timeout(60)
    void aLongTextCostsBoundedTime() {
        for (String part : List.of(
                "a",
                "-",
                "=",
                "\"",
                "'",
                "\\",
                "a=",
                "--a ",
                "://a:",
                "eyJa.",
                "password=",
                "password ",
                "@",
                " ",
                "x:'")) {
            String megabyte = part.repeat((1 << 20) / part.length());
            long before = System.nanoTime();
            Secrets.text(megabyte);
            Secrets.command(List.of("sh", "-c", megabyte));
            assertThat(Duration.ofNanos(System.nanoTime() - before)).as(part).isLessThan(Duration.ofSeconds(5));
        }
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            many.add("--password");
        }
        assertThat(Secrets.command(many)).isNotEmpty();
    }
}
