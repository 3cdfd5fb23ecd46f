package dev.berth.host.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** What a little-endian kernel sent, as it stands in tests. */
final class Hex {
    private Hex() {}

    static ByteBuffer bytes(String... hex) {
        byte[] bytes = HexFormat.of().parseHex(String.join("", hex).replaceAll("\\s", ""));
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
