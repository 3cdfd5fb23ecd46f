package dev.berth.host.linux;

import static dev.berth.host.linux.Namespaces.Reach.MACHINE;
import static dev.berth.host.linux.Namespaces.Reach.OWN;
import static dev.berth.host.linux.Namespaces.Reach.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamespacesTest {
    private static final String FIRST_PID = "pid:[4026531836]";
    private static final String FIRST_NETWORK = "net:[4026531833]";
    private static final String OTHER_NETWORK = "net:[4026532201]";

    @TempDir
    Path directory;

    private Path proc;
    private Path sys;

    @BeforeEach
    void make() throws IOException {
        proc = directory.resolve("proc");
        sys = directory.resolve("sys");
        Files.createDirectories(proc.resolve("sys/kernel"));
        Files.createDirectories(sys.resolve("class/net/lo"));
        kernel("6.18.4-generic");
    }

    private void kernel(String release) throws IOException {
        Files.writeString(proc.resolve("sys/kernel/osrelease"), release + "\n");
    }

    private void link(String process, String kind, String target) throws IOException {
        Path link = proc.resolve(process).resolve("ns").resolve(kind);
        Files.createDirectories(link.getParent());
        // Leads nowhere, as the kernel's own.
        Files.createSymbolicLink(link, Path.of(target));
    }

    private void hardware() throws IOException {
        Files.createDirectories(sys.resolve("class/net/eth0/device"));
    }

    private Namespaces detected() {
        return Namespaces.detect(proc, sys);
    }

    @Test
    void theFirstNamespacesAreTheMachines() throws IOException {
        link("self", "pid", FIRST_PID);
        link("self", "net", FIRST_NETWORK);

        assertThat(detected()).isEqualTo(new Namespaces(MACHINE, MACHINE));
    }

    @Test
    void aContainerOnAHostNetworkSeesTheMachinesPortsOnly() throws IOException {
        link("self", "pid", "pid:[4026532300]");
        link("self", "net", FIRST_NETWORK);

        assertThat(detected()).isEqualTo(new Namespaces(OWN, MACHINE));
    }

    @Test
    void sinceNumbersAreFixedEveryOtherNetworkIsAContainers() throws IOException {
        link("self", "pid", "pid:[4026532300]");
        link("self", "net", OTHER_NETWORK);
        // Of a /sys that was mounted outside.
        hardware();

        assertThat(detected()).isEqualTo(new Namespaces(OWN, OWN));
    }

    @Test
    void onOlderKernelsPidOneIsComparedWith() throws IOException {
        kernel("6.1.0-18-amd64");
        link("self", "pid", FIRST_PID);
        link("self", "net", OTHER_NETWORK);
        link("1", "net", OTHER_NETWORK);
        assertThat(detected().network()).isEqualTo(MACHINE);

        Files.delete(proc.resolve("1/ns/net"));
        link("1", "net", "net:[4026531840]");
        assertThat(detected().network()).isEqualTo(OWN);
    }

    @Test
    void wherePidOneMayNotBeLookedAtHardwareTells() throws IOException {
        kernel("5.10.0");
        link("self", "pid", FIRST_PID);
        link("self", "net", OTHER_NETWORK);
        assertThat(detected().network()).isEqualTo(UNKNOWN);

        hardware();
        assertThat(detected().network()).isEqualTo(MACHINE);
    }

    @Test
    void aContainerOfAnOlderKernelWithoutHardwareHasItsOwnNetwork() throws IOException {
        kernel("5.10.0");
        link("self", "pid", "pid:[4026532300]");
        link("self", "net", OTHER_NETWORK);
        // In there, pid 1 is the container's.
        link("1", "net", OTHER_NETWORK);

        assertThat(detected()).isEqualTo(new Namespaces(OWN, OWN));
    }

    @Test
    void withoutProcNothingIsClaimed() {
        assertThat(detected()).isEqualTo(new Namespaces(UNKNOWN, UNKNOWN));
    }
}
