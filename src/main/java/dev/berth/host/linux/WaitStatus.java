package dev.berth.host.linux;

import dev.berth.host.ExitStatus;

/** The number with which the kernel says how a process ended (wait(2)). */
final class WaitStatus {
    private static final int SIGNAL = 0x7f;
    private static final int RETURNED = 0xff;

    private WaitStatus() {}

    static ExitStatus of(int code) {
        int signal = code & SIGNAL;
        return signal == 0 ? new ExitStatus.Returned(code >> Byte.SIZE & RETURNED) : new ExitStatus.Signalled(signal);
    }
}
