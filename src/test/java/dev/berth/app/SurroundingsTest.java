package dev.berth.app;

import static dev.berth.host.linux.Namespaces.Reach.MACHINE;
import static dev.berth.host.linux.Namespaces.Reach.OWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.linux.Namespaces;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SurroundingsTest {
    private static final Namespaces OUTSIDE = new Namespaces(MACHINE, MACHINE);
    private static final Namespaces INSIDE = new Namespaces(OWN, OWN);

    @TempDir
    Path root;

    private static ListenAddress listen(String host) throws Exception {
        return new ListenAddress(InetAddress.getByName(host), 7171, OptionalInt.empty());
    }

    private Surroundings around(Map<String, String> environment, Namespaces namespaces) {
        return Surroundings.detect(environment, root, namespaces);
    }

    @Test
    void aMachineItselfHasNoPortMapping() throws Exception {
        Surroundings machine = around(Map.of(), OUTSIDE);

        assertThat(machine.container()).isEmpty();
        assertThat(machine.portMapping(listen("127.0.0.1"), List.of())).isEmpty();
    }

    @Test
    void containersAreToldByTheirSigns() throws Exception {
        assertThat(around(Map.of(), INSIDE).container()).hasValue("a container");
        assertThat(around(Map.of("container", "lxc"), OUTSIDE).container()).hasValue("a container (lxc)");
        assertThat(around(Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1"), INSIDE).container())
                .hasValue("a Kubernetes pod");
        Files.createFile(root.resolve(".dockerenv"));
        assertThat(around(Map.of(), OUTSIDE).container()).hasValue("a Docker container");
    }

    @Test
    void onTheHostsNetworkThePortIsTheMachines() throws Exception {
        assertThat(around(Map.of("container", "podman"), new Namespaces(OWN, MACHINE))
                        .portMapping(listen("127.0.0.1"), List.of()))
                .hasValueSatisfying(words -> assertThat(words).contains("port 7171 is the machine's port"));
    }

    @Test
    void aLoopbackPortOfAContainerIsReachedByNoMapping() throws Exception {
        assertThat(around(Map.of(), INSIDE).portMapping(listen("127.0.0.1"), List.of()))
                .hasValueSatisfying(words -> assertThat(words).contains("no mapped port", "BERTH_HTTP_HOST=0.0.0.0"));
    }

    @Test
    void aMappedPortWantsItsNameAllowed() throws Exception {
        assertThat(around(Map.of(), INSIDE).portMapping(listen("0.0.0.0"), List.of()))
                .hasValueSatisfying(
                        words -> assertThat(words).contains("container port 7171", "nobody", "allowedHosts"));
        assertThat(around(Map.of(), INSIDE).portMapping(listen("0.0.0.0"), List.of("berth.example", "localhost")))
                .hasValueSatisfying(words -> assertThat(words).contains("berth.example, localhost"));
    }
}
