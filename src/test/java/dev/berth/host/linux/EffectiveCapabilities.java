package dev.berth.host.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Gives up, for the calling thread alone, the rights that let root look into other users' processes. */
final class EffectiveCapabilities {
    private static final int VERSION_3 = 0x2008_0522;
    private static final int CAP_DAC_OVERRIDE = 1;
    private static final int CAP_DAC_READ_SEARCH = 2;
    private static final int CAP_SYS_PTRACE = 19;

    static {
        Native.register(EffectiveCapabilities.class, NativeLibrary.getProcess());
    }

    private EffectiveCapabilities() {}

    static native int capget(ByteBuffer header, ByteBuffer data);

    static native int capset(ByteBuffer header, ByteBuffer data);

    static void dropSight() {
        ByteBuffer header = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
        ByteBuffer data = ByteBuffer.allocateDirect(24).order(ByteOrder.nativeOrder());
        header.putInt(0, VERSION_3);
        if (capget(header, data) != 0) {
            throw new IllegalStateException("capget: " + Errno.describe(Native.getLastError()));
        }
        data.putInt(0, data.getInt(0) & ~(1 << CAP_DAC_OVERRIDE | 1 << CAP_DAC_READ_SEARCH | 1 << CAP_SYS_PTRACE));
        if (capset(header, data) != 0) {
            throw new IllegalStateException("capset: " + Errno.describe(Native.getLastError()));
        }
    }
}
