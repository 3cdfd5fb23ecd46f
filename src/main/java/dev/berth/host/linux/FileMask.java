package dev.berth.host.linux;

/** What new files of this process are kept from having, whoever makes them (umask(2)). */
public final class FileMask {
    private static final int OTHERS = 0077;

    private FileMask() {}

    /** From now on files are for their owner only, unless they are said to be more; Berth's own log when it is rotated, say. */
    public static void ownerOnly() {
        FileCalls.umask(OTHERS);
    }
}
