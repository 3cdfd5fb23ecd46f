package dev.berth.host.linux;

/** The kernel refused or did not answer a netlink request. */
final class NetlinkException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int errno;

    NetlinkException(String wanted, int errno) {
        super(wanted + ": " + Errno.describe(errno) + hint(errno));
        this.errno = errno;
    }

    private static String hint(int errno) {
        return switch (errno) {
            case Errno.EPERM, Errno.EACCES, Errno.EAFNOSUPPORT ->
                "; a seccomp filter may forbid netlink (systemd's"
                        + " RestrictAddressFamilies lacks AF_NETLINK, or a container's profile does)";
            case Errno.EPROTONOSUPPORT ->
                "; this system has no sock_diag (a sandbox such as gVisor, WSL 1, or a kernel"
                        + " without CONFIG_INET_DIAG)";
            case Errno.ENOENT -> "; the kernel has no diag module for it (tcp_diag, udp_diag), or may not load it here";
            default -> "";
        };
    }

    int errno() {
        return errno;
    }

    /** The kernel has no such family or protocol: asking again changes nothing for a while. */
    boolean isUnsupported() {
        return errno == Errno.ENOENT || errno == Errno.EAFNOSUPPORT || errno == Errno.EPROTONOSUPPORT;
    }
}
