package dev.berth.host.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * posix_spawn(3) of glibc and what goes with it, mapped directly; those of posix_spawn answer an error number, the others −1.
 * To be touched only where {@link #isSupported}.
 */
final class SpawnCalls {
    /** glibc's posix_spawnattr_t has 336 bytes and posix_spawn_file_actions_t 80; nobody can ask it. */
    static final int ATTRIBUTES_BYTES = 512;

    static final int ACTIONS_BYTES = 256;
    static final short POSIX_SPAWN_SETSIGDEF = 0x04;
    static final short POSIX_SPAWN_SETSIGMASK = 0x08;
    static final short POSIX_SPAWN_SETSID = 0x80;

    /** One bit for each of the kernel's 64 signals and room for 960 that it never got. */
    static final int SIGSET_BYTES = 128;

    static final int SIGCHLD = 17;
    static final long SIG_DFL = 0;

    private SpawnCalls() {}

    /** closefrom came with glibc 2.34; other C libraries lack it, and without it Berth's sockets would leak. */
    static boolean isSupported() {
        return Native.POINTER_SIZE == Long.BYTES
                && List.of(
                                "posix_spawn",
                                "posix_spawnattr_setsigdefault",
                                "posix_spawn_file_actions_addchdir_np",
                                "posix_spawn_file_actions_addclosefrom_np",
                                "gnu_get_libc_version")
                        .stream()
                        .allMatch(SpawnCalls::exists);
    }

    private static boolean exists(String symbol) {
        try {
            return NativeLibrary.getInstance("c").getFunction(symbol) != null;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    /** Registered apart: a symbol that is missing would make even {@link #isSupported} unusable. */
    static final class Glibc {
        static {
            Native.register(Glibc.class, "c");
        }

        private Glibc() {}

        static native int posix_spawn(
                ByteBuffer pid,
                ByteBuffer path,
                ByteBuffer actions,
                ByteBuffer attributes,
                ByteBuffer arguments,
                ByteBuffer environment);

        static native int posix_spawnattr_init(ByteBuffer attributes);

        static native int posix_spawnattr_setflags(ByteBuffer attributes, short flags);

        static native int posix_spawnattr_setsigdefault(ByteBuffer attributes, ByteBuffer signals);

        static native int posix_spawnattr_setsigmask(ByteBuffer attributes, ByteBuffer signals);

        static native int posix_spawn_file_actions_init(ByteBuffer actions);

        static native int posix_spawn_file_actions_destroy(ByteBuffer actions);

        static native int posix_spawn_file_actions_addopen(
                ByteBuffer actions, int descriptor, ByteBuffer path, int flags, int mode);

        static native int posix_spawn_file_actions_adddup2(ByteBuffer actions, int from, int to);

        static native int posix_spawn_file_actions_addchdir_np(ByteBuffer actions, ByteBuffer path);

        static native int posix_spawn_file_actions_addclosefrom_np(ByteBuffer actions, int from);

        static native int kill(int pid, int signal);

        static native int waitpid(int pid, ByteBuffer status, int options);

        static native long signal(int number, long handler);
    }
}
