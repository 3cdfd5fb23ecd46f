package dev.berth.host.linux;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Runs a program of the system for what it says: so long at most, and so much of it at most. */
final class BoundedRun {
    /** How often output is taken while it runs, so that a pipe that is full stops nothing. Its end is noticed at once. */
    private static final Duration SIP = Duration.ofMillis(5);

    private final LongSupplier ticker;

    /** @param ticker monotonic nanoseconds */
    BoundedRun(LongSupplier ticker) {
        this.ticker = ticker;
    }

    /**
     * How it ended.
     *
     * @param status what it returned
     * @param output the beginning of what it wrote on its standard output
     */
    record Said(int status, byte[] output) {}

    /**
     * Waits until it has ended. One that takes too long, or says too much, is ended.
     *
     * @param environment the whole of it
     * @param most bytes of output that are wanted
     * @throws IOException when it can't be started or takes too long
     */
    Said run(List<String> line, Map<String, String> environment, int most, Duration limit) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(new File("/"))
                .redirectInput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = OwnChildren.start(builder);
        try {
            return listen(process, most, limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private Said listen(Process process, int most, Duration limit) throws IOException, InterruptedException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        long end = ticker.getAsLong() + limit.toNanos();
        boolean ended = false;
        // Never a read that waits: whoever has taken over the pipe could keep it open for ever.
        while (!ended && output.size() < most) {
            long left = end - ticker.getAsLong();
            if (left <= 0) {
                throw new IOException("no answer within " + limit.toMillis() + " ms");
            }
            ended = process.waitFor(Math.min(left, SIP.toNanos()), TimeUnit.NANOSECONDS);
            take(process.getInputStream(), most, output);
        }
        return new Said(ended ? process.exitValue() : 0, output.toByteArray());
    }

    private static void take(InputStream in, int most, ByteArrayOutputStream output) throws IOException {
        for (int ready = in.available(); ready > 0 && output.size() < most; ready = in.available()) {
            output.writeBytes(in.readNBytes(Math.min(ready, most - output.size())));
        }
    }
}
