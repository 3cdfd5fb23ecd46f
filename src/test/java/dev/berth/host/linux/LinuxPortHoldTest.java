package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.host.PortHold;
import dev.berth.host.PortHold.Bind;
import dev.berth.host.PortHold.Held;
import dev.berth.host.RealPortHoldContract;
import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LinuxPortHoldTest extends RealPortHoldContract {
    private static final long O_CLOEXEC = 0x80000;

    @BeforeAll
    static void linux() {
        Tools.requireLinux();
    }

    @Override
    protected PortHold create() {
        return new LinuxPortHold();
    }

    @Test
    void linuxEnforcesHolds() {
        assertThat(hold().enforced()).isTrue();
    }

    @Test
    void nobodyCanConnectToAHeldPort() {
        PortKey port = freePort(Protocol.TCP);

        try (Held held = hold().hold(port).orElseThrow()) {
            assertThat(held.port()).isEqualTo(port);
            assertThatThrownBy(() -> new Socket("127.0.0.1", port.port()).close())
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void lingeringConnectionsDoNotBlock() throws Exception {
        PortKey port = freePort(Protocol.TCP);
        // The side that closes first is left with TIME_WAIT: here the server's.
        try (ServerSocket server = new ServerSocket(port.port(), 1, InetAddress.getByName("127.0.0.1"));
                Socket client = new Socket("127.0.0.1", port.port())) {
            server.accept().close();
            assertThat(client.getInputStream().read()).isNegative();
        }

        assertThat(hold().tryBind(port, "127.0.0.1")).isEqualTo(Bind.FREE);
        try (Held held = hold().hold(port).orElseThrow()) {
            assertThat(listen(port, "127.0.0.1")).isEmpty();
            assertThat(held.port()).isEqualTo(port);
        }
    }

    /** A service is started right after its port was tried, and others beside it. */
    @Test
    void aPortThatWasTriedOrLetGoOfIsFreeAtOnceWhileProgramsAreStarted() throws Exception {
        // Chosen before: what chooses them is copied into children too.
        Set<PortKey> tried = freePorts();
        Set<PortKey> held = freePorts();
        held.removeAll(tried);
        AtomicBoolean done = new AtomicBoolean();
        List<CompletableFuture<Void>> starting = Stream.generate(() -> CompletableFuture.runAsync(() -> {
                    while (!done.get()) {
                        startAndWait();
                    }
                }))
                .limit(2)
                .toList();
        try {
            for (PortKey port : tried) {
                assertThat(hold().tryBind(port, "127.0.0.1")).isEqualTo(Bind.FREE);
                assertThat(canListen(port))
                        .as("listening after %s was tried", port)
                        .isTrue();
            }
            for (PortKey port : held) {
                hold().hold(port).orElseThrow().close();
                assertThat(canListen(port))
                        .as("listening after %s was let go of", port)
                        .isTrue();
            }
        } finally {
            done.set(true);
            for (CompletableFuture<Void> each : starting) {
                each.get(30, TimeUnit.SECONDS);
            }
        }
    }

    private Set<PortKey> freePorts() {
        return Stream.generate(() -> freePort(Protocol.TCP)).limit(400).collect(Collectors.toCollection(HashSet::new));
    }

    private boolean canListen(PortKey port) throws Exception {
        Optional<AutoCloseable> listener = listen(port, "127.0.0.1");
        if (listener.isPresent()) {
            listener.get().close();
        }
        return listener.isPresent();
    }

    private static void startAndWait() {
        try {
            OwnChildren.start(new ProcessBuilder("true")).waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aHoldIsClosedOnExec() throws Exception {
        Set<Long> before = socketsClosedOnExec();

        try (Held held = hold().hold(freePort(Protocol.TCP)).orElseThrow()) {
            assertThat(held).isNotNull();
            assertThat(socketsClosedOnExec()).hasSize(before.size() + 1);
        }
    }

    /** Inodes of the sockets of this process whose descriptors carry O_CLOEXEC; the JDK's own do not. */
    private static Set<Long> socketsClosedOnExec() throws IOException {
        Set<Long> inodes = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                Path number = descriptor.getFileName();
                if (Files.exists(Path.of("/proc/self/fdinfo").resolve(number)) && isClosedOnExec(number)) {
                    ProcText.socketInode(Files.readSymbolicLink(descriptor).toString())
                            .ifPresent(inodes::add);
                }
            }
        }
        return inodes;
    }

    private static boolean isClosedOnExec(Path number) throws IOException {
        String flags = Files.readString(Path.of("/proc/self/fdinfo").resolve(number))
                .lines()
                .filter(line -> line.startsWith("flags:"))
                .map(line -> line.substring("flags:".length()).trim())
                .findFirst()
                .orElseThrow();
        return (Long.parseLong(flags, 8) & O_CLOEXEC) != 0;
    }
}
