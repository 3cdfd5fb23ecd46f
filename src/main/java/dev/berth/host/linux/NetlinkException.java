package dev.berth.host.linux;

/** The kernel refused or did not answer a netlink request. */
final class NetlinkException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int errno;

    NetlinkException(String wanted, int errno) {
        super(wanted + ": " + NetlinkErrno.text(errno));
        this.errno = errno;
    }

    int errno() {
        return errno;
    }

    /** The kernel has no such family or protocol: asking again changes nothing for a while. */
    boolean isUnsupported() {
        return errno == NetlinkErrno.ENOENT
                || errno == NetlinkErrno.EAFNOSUPPORT
                || errno == NetlinkErrno.EPROTONOSUPPORT;
    }
}
