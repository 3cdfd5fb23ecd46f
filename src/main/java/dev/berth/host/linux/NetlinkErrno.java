package dev.berth.host.linux;

/** Error numbers of the kernel that Berth meets, in words. The numbers are those of every 64-bit Linux that Java runs on. */
final class NetlinkErrno {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int EBADF = 9;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int EAFNOSUPPORT = 97;
    static final int EPROTONOSUPPORT = 93;
    static final int ENOBUFS = 105;

    private NetlinkErrno() {}

    /** Such as {@code errno 13, EACCES: permission denied}. */
    static String text(int errno) {
        String meaning = switch (errno) {
            case EPERM -> "EPERM: not permitted";
            case ENOENT -> "ENOENT: no such thing here";
            case ESRCH -> "ESRCH: no such process";
            case EINTR -> "EINTR: interrupted";
            case EBADF -> "EBADF: the descriptor is closed";
            case EAGAIN -> "EAGAIN: no answer in time";
            case 12 -> "ENOMEM: the kernel has no memory";
            case EACCES -> "EACCES: permission denied";
            case EBUSY -> "EBUSY: another dump is running on this socket";
            case 22 -> "EINVAL: the kernel does not understand the request";
            case 23, 24 -> "EMFILE: too many open files";
            case 38 -> "ENOSYS: this kernel does not have the call";
            case EPROTONOSUPPORT ->
                "EPROTONOSUPPORT: netlink sock_diag is not there (a sandbox such as gVisor, or"
                        + " a kernel without CONFIG_INET_DIAG)";
            case 95 -> "EOPNOTSUPP: not supported";
            case EAFNOSUPPORT ->
                "EAFNOSUPPORT: netlink is not there, or a seccomp filter (systemd's"
                        + " RestrictAddressFamilies, a container's profile) forbids it";
            case ENOBUFS -> "ENOBUFS: the receive buffer overflowed";
            default -> "see errno(3)";
        };
        return "errno " + errno + ", " + meaning;
    }
}
