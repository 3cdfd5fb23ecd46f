package dev.berth.host;

import static dev.berth.host.Evidence.ANN;
import static dev.berth.host.Evidence.SESSION;
import static dev.berth.host.Evidence.process;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.HolderEvidence.Program;
import dev.berth.model.HolderKind;
import dev.berth.model.Origin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HolderClassifierTest {
    private static final String ID = "3f2a9c0d1e4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1";

    private final HolderClassifier classifier = new HolderClassifier(ANN, List.of(SESSION));

    // Rule 0: ours.

    @Test
    void theMarkerMakesItOursWhateverItSitsIn() {
        Origin origin = classifier.classify(process("python3", "python3 -m http.server 8000")
                .below("supervisord", "/usr/bin/python3 /usr/bin/supervisord -n")
                .in("/system.slice/docker-" + ID + ".scope")
                .with("BERTH_SERVICE", "default/backend")
                .build());

        assertThat(origin.kind()).isEqualTo(HolderKind.MANAGED);
        assertThat(origin.note()).hasValue("marker default/backend");
    }

    @Test
    void aMarkerOfAnotherUserCountsForNothing() {
        assertThat(kind(process("python3", "python3 app.py").of(1001).with("BERTH_SERVICE", "default/backend")))
                .isEqualTo(HolderKind.FOREIGN);
    }

    // Rules 2 and 3: containers.

    @Test
    void aContainersProxyNamesItsTarget() {
        Origin origin = classifier.classify(process(
                        "docker-proxy",
                        "/usr/bin/docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 172.17.0.2"
                                + " -container-port 80")
                .of(0)
                .in("/system.slice/docker.service")
                .build());

        assertThat(origin.kind()).isEqualTo(HolderKind.CONTAINER);
        assertThat(origin.note()).hasValue("docker-proxy for the container at 172.17.0.2");
        assertThat(origin.manager()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "rootlessport, rootlessport",
        "slirp4netns, /usr/bin/slirp4netns --disable-host-loopback -c 812 tap0",
        "pasta.avx2, /usr/bin/pasta --config-net -t 8080-8080:80-80",
        "rootlesskit, rootlesskit --net=slirp4netns --port-driver=builtin dockerd-rootless.sh"
    })
    void proxiesOfRootlessContainers(String comm, String command) {
        assertThat(kind(process(comm, command))).isEqualTo(HolderKind.CONTAINER);
    }

    @ParameterizedTest
    @CsvSource({
        "/system.slice/docker-ID.scope, docker",
        "/docker/ID, docker",
        "/docker/ID/system.slice/nginx.service, docker",
        "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope/container, podman",
        "/machine.slice/libpod-ID.scope, podman",
        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/cri-containerd-ID.scope, ",
        "/kubepods/burstable/pod0f3c/ID, ",
        "/kubepods.slice/kubepods-pod1.slice/crio-ID.scope, "
    })
    void containersByTheirControlGroup(String path, String manager) {
        Origin origin = classifier.classify(process("nginx", "nginx: master process")
                .of(0)
                .in(path.replace("ID", ID))
                .build());

        assertThat(origin.kind()).isEqualTo(HolderKind.CONTAINER);
        assertThat(origin.container()).hasValue("3f2a9c0d1e4b");
        assertThat(origin.manager()).isEqualTo(Optional.ofNullable(manager));
    }

    @Test
    void aSystemDaemonInAContainerBelongsToTheContainer() {
        assertThat(kind(process("sshd", "sshd: /usr/sbin/sshd -D").of(0).in("/docker/" + ID)))
                .isEqualTo(HolderKind.CONTAINER);
    }

    @Test
    void aLinuxContainerHasAName() {
        Origin origin = classifier.classify(
                process("node", "node a.js").in("/lxc.payload.web/user.slice").build());

        assertThat(origin.kind()).isEqualTo(HolderKind.CONTAINER);
        assertThat(origin.container()).hasValue("web");
    }

    @Test
    void sharingBerthsOwnContainerOrUnitSaysNothing() {
        HolderClassifier inContainer = new HolderClassifier(0, List.of("/docker/" + ID));
        HolderClassifier inUnit = new HolderClassifier(0, List.of("/system.slice/berth.service/main"));
        String other = ID.replace('3', '4');

        assertThat(inContainer
                        .classify(
                                process("node", "node a.js").in("/docker/" + ID).build())
                        .kind())
                .isEqualTo(HolderKind.FOREIGN);
        assertThat(inContainer
                        .classify(process("node", "node a.js")
                                .in("/docker/" + ID + "/docker/" + other)
                                .build())
                        .kind())
                .isEqualTo(HolderKind.CONTAINER);
        assertThat(inUnit.classify(process("node", "node a.js")
                                .in("/system.slice/berth.service/x")
                                .build())
                        .kind())
                .isEqualTo(HolderKind.FOREIGN);
        assertThat(inUnit.classify(process("node", "node a.js")
                                .in("/system.slice/other.service")
                                .build())
                        .kind())
                .isEqualTo(HolderKind.UNIT);
    }

    // Rule 4: what restarts its children.

    // Rule 5: units.

    @Test
    void aSystemUnitAndThatItsRestartIsNotKnown() {
        Origin origin = classifier.classify(process("nginx", "nginx: master process")
                .of(0)
                .in("/system.slice/nginx.service")
                .build());

        assertThat(origin.kind()).isEqualTo(HolderKind.UNIT);
        assertThat(origin.unit()).hasValue("nginx.service");
        assertThat(origin.userUnit()).isFalse();
        assertThat(origin.manager()).hasValue("systemd");
        assertThat(origin.respawner()).isEmpty();
        assertThat(origin.note().orElseThrow())
                .contains("/system.slice/nginx.service")
                .contains("Restart=");
    }

    @Test
    void aUserUnitNamesWhose() {
        Origin origin = classifier.classify(process("node", "node app.js")
                .in("/user.slice/user-1000.slice/user@1000.service/app.slice/dev.service/child")
                .build());

        assertThat(origin.kind()).isEqualTo(HolderKind.UNIT);
        assertThat(origin.unit()).hasValue("dev.service");
        assertThat(origin.userUnit()).isTrue();
        assertThat(origin.manager()).hasValue("user@1000.service");
    }

    @ParameterizedTest
    @CsvSource({
        "/user.slice/user-1000.slice/session-4.scope",
        "/user.slice/user-1000.slice/user@1000.service/app.slice/app-gnome-code-4711.scope",
        "/user.slice/user-1000.slice/user@1000.service/app.slice/app-org.gnome.Terminal.slice/vte-spawn-1f.scope",
        "/user.slice/user-1000.slice/user@1000.service/app.slice/app-org.kde.konsole@12ab.service",
        "/"
    })
    void sessionsAndApplicationsAreNoUnits(String path) {
        assertThat(kind(process("node", "node app.js").in(path))).isEqualTo(HolderKind.FOREIGN);
    }

    @Test
    void controlGroupsOfBothFormsAreGathered() {
        String cgroup = "9:name=systemd:/\n8:pids:/\n7:blkio:/\n6:freezer:/\n5:devices:/\n"
                + "4:memory:/process_api/fec6ec630274a7bd8e633661f0234930\n3:cpuset:/\n2:cpuacct:/\n1:cpu:/\n0::/\n";

        assertThat(HolderEvidence.cgroupPaths(cgroup))
                .containsExactly("/", "/process_api/fec6ec630274a7bd8e633661f0234930");
        assertThat(HolderEvidence.cgroupPaths("0::/system.slice/a:b.service\n"))
                .containsExactly("/system.slice/a:b.service");
    }

    // System.

    @ParameterizedTest
    @CsvSource({
        "sshd, sshd: /usr/sbin/sshd -D [listener]",
        "systemd-resolve, /usr/lib/systemd/systemd-resolved",
        "dockerd, /usr/bin/dockerd -H fd://",
        "containerd-shim, /usr/bin/containerd-shim-runc-v2 -namespace moby",
        "cupsd, /usr/sbin/cupsd -l"
    })
    void systemProgramsAreSystemAlsoAsUnits(String comm, String command) {
        Origin origin = classifier.classify(
                process(comm, command).of(0).in("/system.slice/x.service").build());

        assertThat(origin.kind()).isEqualTo(HolderKind.SYSTEM);
        assertThat(origin.unit()).hasValue("x.service");
    }

    @Test
    void aScriptMayBearTheNameOfADaemon() {
        assertThat(kind(process("node", "node /app/login.js"))).isEqualTo(HolderKind.FOREIGN);
    }

    @Test
    void systemUsersAreSystemUnlessBerthIsThatUser() {
        assertThat(kind(process("postgres", "postgres -D /data").of(115))).isEqualTo(HolderKind.SYSTEM);
        assertThat(new HolderClassifier(115, List.of())
                        .classify(
                                process("postgres", "postgres -D /data").of(115).build())
                        .kind())
                .isEqualTo(HolderKind.FOREIGN);
        assertThat(kind(process("postgres", "postgres -D /data").of(1001))).isEqualTo(HolderKind.FOREIGN);
    }

    @Test
    void initAndKernelThreadsAreSystemWhateverTheyAreCalled() {
        Program init = new Program(1, "node", List.of("node", "app.js"), Optional.empty());

        assertThat(classifier
                        .classify(new HolderEvidence(init, List.of(), ANN, false, false, List.of(), Map.of()))
                        .kind())
                .isEqualTo(HolderKind.SYSTEM);
        assertThat(classifier
                        .classify(new HolderEvidence(
                                new Program(9, "nfsd", List.of(), Optional.empty()),
                                List.of(),
                                0,
                                true,
                                false,
                                List.of("/"),
                                Map.of()))
                        .kind())
                .isEqualTo(HolderKind.SYSTEM);
    }

    // Rule 6: notes on what is foreign.

    @Test
    void aForeignProcessIsExplained() {
        assertThat(note(process("node", "node vite").below("bash", "/bin/bash").below("code", "/usr/share/code/code")))
                .hasValue("started from code (pid 813)");
        assertThat(note(process("java", "java -jar app.jar")
                        .below("java", "/opt/idea/jbr/bin/java -Didea.platform.prefix=Idea com.intellij.idea.Main")))
                .hasValue("started from a JetBrains IDE (pid 812)");
        assertThat(note(process("node", "node vite").below("sh", "sh -c vite").with("npm_lifecycle_event", "dev")))
                .hasValue("npm script dev");
        assertThat(note(process("python3", "python3 -m http.server")
                        .below("bash", "-bash")
                        .inTerminal()))
                .hasValue("runs in a terminal");
        assertThat(note(process("python3", "python3 -m http.server").below("systemd", "/lib/systemd/systemd --user")))
                .hasValue("orphan: what started it has ended");
        assertThat(note(process("python3", "python3 -m http.server").below("sh", "sh run.sh")))
                .isEmpty();
    }

    @Test
    void nothingReadableIsStillForeignAndNothingMore() {
        Program unknown = new Program(42, "x", List.of(), Optional.empty());

        assertThat(classifier.classify(new HolderEvidence(unknown, List.of(), 1001, false, false, List.of(), Map.of())))
                .isEqualTo(Origin.of(HolderKind.FOREIGN));
    }

    private HolderKind kind(Evidence evidence) {
        return classifier.classify(evidence.build()).kind();
    }

    private Optional<String> note(Evidence evidence) {
        Origin origin = classifier.classify(evidence.build());
        assertThat(origin.kind()).isEqualTo(HolderKind.FOREIGN);
        return origin.note();
    }
}
