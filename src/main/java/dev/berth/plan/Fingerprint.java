package dev.berth.plan;

import dev.berth.model.PortKey;
import dev.berth.model.ServiceSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Everything of a declaration that a running process can't be told any more, as one short word. */
public final class Fingerprint {
    /** Of the hash: enough that no two declarations of one service meet. */
    private static final int BYTES = 8;

    private Fingerprint() {}

    /** @param port the one that the process is told; empty when it has none */
    public static String of(ServiceSpec spec, Optional<PortKey> port) {
        String text = String.join(
                "\n",
                List.of(
                        spec.command().toString(),
                        spec.workingDirectory().toString(),
                        spec.environment().toString(),
                        spec.envFile().toString(),
                        spec.host().toString(),
                        port.toString()));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(hash, BYTES));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
