package dev.berth.host;

import dev.berth.testing.Tools;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Another program on the machine: a small Python script with sockets, which speaks in lines of numbers and ends, with all
 * that it forked, when its input closes.
 */
public final class Neighbour implements AutoCloseable {
    private static final String PRELUDE = """
            import encodings.idna, os, signal, socket, sys
            TCP, UDP = socket.SOCK_STREAM, socket.SOCK_DGRAM
            V4, V6 = socket.AF_INET, socket.AF_INET6
            def sock(family=V4, address="127.0.0.1", port=0, kind=TCP, reuseport=False, reuse=True, v6only=None, listen=True):
                s = socket.socket(family, kind)
                if reuse and kind == TCP: s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if reuseport: s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
                if v6only is not None: s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, v6only)
                s.bind((address, port))
                if listen and kind == TCP: s.listen()
                return s
            def port(s): return s.getsockname()[1]
            def say(*numbers): os.write(1, (" ".join(map(str, numbers)) + "\\n").encode())
            def hear(): return sys.stdin.readline()
            def end(): hear(); os._exit(0)
            """;

    private final Process process;
    private final BufferedReader from;
    private final Writer to;
    private final List<ProcessHandle> forked = new ArrayList<>();

    private Neighbour(List<String> command) {
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        from = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        to = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    }

    /** Starts a script after the prelude. */
    public static Neighbour python(String script, String... prefix) {
        List<String> command = new ArrayList<>(Arrays.asList(prefix));
        command.addAll(List.of(Tools.require("python3").toString(), "-c", PRELUDE + script));
        return new Neighbour(command);
    }

    public long pid() {
        return process.pid();
    }

    /** The numbers of its next line. */
    public long[] hear() {
        try {
            String line = from.readLine();
            if (line == null) {
                throw new IllegalStateException("the script ended without a word; its errors are on the console");
            }
            long[] numbers =
                    Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
            process.descendants().forEach(forked::add);
            return numbers;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int hearPort() {
        return (int) hear()[0];
    }

    /** Lets it go on to the line after its next {@code hear()}. */
    public void nudge() {
        try {
            to.write("\n");
            to.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(forked::add);
        process.destroyForcibly().onExit().join();
        forked.forEach(ProcessHandle::destroyForcibly);
        forked.forEach(each -> each.onExit().join());
    }
}
