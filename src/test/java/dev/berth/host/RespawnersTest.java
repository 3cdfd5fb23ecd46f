package dev.berth.host;

import static dev.berth.host.Evidence.ANN;
import static dev.berth.host.Evidence.SESSION;
import static dev.berth.host.Evidence.process;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.HolderKind;
import dev.berth.model.Origin;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who would start a process again, as far as its ancestors tell. */
class RespawnersTest {
    private final HolderClassifier classifier = new HolderClassifier(ANN, List.of(SESSION));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "supervisord | /usr/bin/python3 /usr/bin/supervisord -n -c /etc/supervisor/supervisord.conf | supervisord",
                "PM2 v5.3.0: God | PM2 v5.3.0: God Daemon (/home/ann/.pm2) | PM2",
                "node | node /home/ann/app/node_modules/.bin/nodemon server.js | nodemon",
                "node | node /home/ann/app/node_modules/ts-node-dev/lib/tsc-watch.js | tsc-watch",
                "node | /usr/bin/node --inspect --watch server.js | node in watch mode",
                "node | node /app/node_modules/.bin/tsx watch src/main.ts | node in watch mode",
                "bun | bun run --hot server.ts | bun in watch mode",
                "python3 | /usr/bin/python3 /usr/local/bin/uvicorn app:app --reload | python3 in watch mode",
                "watchexec | watchexec -r -- cargo run | watchexec",
                "air | air -c .air.toml | air",
                "runsv | runsv web | runsv",
                "s6-supervise | s6-supervise web | s6-supervise",
                "ruby | ruby /usr/local/bin/foreman start | foreman",
                "overmind | overmind start | overmind",
                "honcho | /usr/bin/python3 /usr/bin/honcho start | honcho",
                "python3 | python3 -m honcho start | honcho"
            })
    void respawningAncestorsAreNamed(String comm, String command, String name) {
        Origin origin = classifier.classify(process("python3", "python3 app.py")
                .below("sh", "sh -c python3 app.py")
                .below(comm, command)
                .below("systemd", "/sbin/init")
                .in("/system.slice/supervisor.service")
                .build());

        assertThat(origin.kind()).isEqualTo(HolderKind.SUPERVISED);
        assertThat(origin.respawner()).hasValue(name + " (pid 813)");
    }

    @Test
    void aSupervisorTellsItsNameForTheProgram() {
        Origin origin = classifier.classify(process("python3", "python3 app.py")
                .below("supervisord", "/usr/bin/python3 /usr/bin/supervisord")
                .with("SUPERVISOR_PROCESS_NAME", "web")
                .build());

        assertThat(origin.note()).hasValue("program web of supervisord (pid 812)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nginx | nginx: worker process | nginx | nginx: master process nginx -g daemon off; | nginx",
                "gunicorn | gunicorn: worker [app] | gunicorn | gunicorn: master [app] | gunicorn",
                "python3 | python3 /usr/bin/gunicorn app:app | python3 | python3 /usr/bin/gunicorn app:app | gunicorn",
                "uwsgi | uwsgi --ini app.ini | uwsgi | uwsgi --ini app.ini | uwsgi",
                "php-fpm8.2 | php-fpm: pool www | php-fpm8.2 | php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf) | php-fpm",
                "ruby | puma: cluster worker 0: 811 [app] | ruby | puma 6.4.0 (tcp://0.0.0.0:3000) [app] | puma",
                "apache2 | /usr/sbin/apache2 -k start | apache2 | /usr/sbin/apache2 -k start | apache2"
            })
    void mastersReplaceTheirWorkers(String comm, String command, String masterComm, String masterCommand, String name) {
        Origin worker = classifier.classify(
                process(comm, command).below(masterComm, masterCommand).build());
        Origin master = classifier.classify(
                process(masterComm, masterCommand).below("bash", "bash").build());
        Origin other = classifier.classify(process("redis-server", "redis-server")
                .below(masterComm, masterCommand)
                .build());

        assertThat(worker.respawner()).hasValue(name + " master (pid 812)");
        assertThat(master.kind()).isEqualTo(HolderKind.FOREIGN);
        assertThat(other.kind()).isEqualTo(HolderKind.FOREIGN);
    }

    @Test
    void whatAPersonStartedIsNotTheirTerminalsSupervisors() {
        assertThat(kind(process("node", "node app.js")
                        .below("bash", "-bash")
                        .below("sshd", "sshd: ann@pts/0")
                        .below("sshd", "sshd: /usr/sbin/sshd -D")
                        .below("supervisord", "/usr/bin/python3 /usr/bin/supervisord")))
                .isEqualTo(HolderKind.FOREIGN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sh | sh -c while true; do node app.js; done",
                "node | node /app/node_modules/.bin/tsx src/main.ts",
                "node | node server.js --watch-later",
                "npm run dev | npm run dev",
                "systemd | /usr/lib/systemd/systemd --user"
            })
    void othersCannotBeKnownBeforehand(String comm, String command) {
        assertThat(classifier
                        .classify(process("node", "node app.js")
                                .below(comm, command)
                                .build())
                        .respawner())
                .isEmpty();
    }

    private HolderKind kind(Evidence evidence) {
        return classifier.classify(evidence.build()).kind();
    }
}
