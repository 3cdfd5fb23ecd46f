package dev.berth.host.linux;

/** The kernel's error numbers that Berth tells apart, the same on every architecture that it runs on. */
final class Errno {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int E2BIG = 7;
    static final int ENOEXEC = 8;
    static final int EBADF = 9;
    static final int ECHILD = 10;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int EMFILE = 24;
    static final int ENFILE = 23;
    static final int ETXTBSY = 26;
    static final int ENAMETOOLONG = 36;
    static final int ENOSYS = 38;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final int EPROTONOSUPPORT = 93;
    static final int EOPNOTSUPP = 95;
    static final int EADDRINUSE = 98;
    static final int EADDRNOTAVAIL = 99;
    static final int EAFNOSUPPORT = 97;
    static final int ENOBUFS = 105;

    private Errno() {}

    /** The number with what it means, for messages. */
    static String describe(int errno) {
        String meaning = switch (errno) {
            case EPERM -> "EPERM, not permitted";
            case ENOENT -> "ENOENT, no such thing here";
            case ESRCH -> "ESRCH, no such process";
            case EINTR -> "EINTR, interrupted";
            case E2BIG -> "E2BIG, too much at once";
            case ENOEXEC -> "ENOEXEC, no program";
            case ECHILD -> "ECHILD, no child";
            case ENOMEM -> "ENOMEM, no memory left";
            case ETXTBSY -> "ETXTBSY, open for writing";
            case EBADF -> "EBADF, closed";
            case ENAMETOOLONG -> "ENAMETOOLONG, too long a name";
            case EAGAIN -> "EAGAIN, no answer in time";
            case EBUSY -> "EBUSY, in use";
            case EACCES -> "EACCES, permission denied";
            case EMFILE -> "EMFILE, Berth has too many files open";
            case ENFILE -> "ENFILE, the machine has too many files open";
            case ENOSYS -> "ENOSYS, this kernel does not have the call";
            case EINVAL -> "EINVAL, invalid argument";
            case EPROTONOSUPPORT -> "EPROTONOSUPPORT, no such protocol";
            case EOPNOTSUPP -> "EOPNOTSUPP, not supported here";
            case ENOBUFS -> "ENOBUFS, a buffer overflowed";
            case EADDRINUSE -> "EADDRINUSE, address in use";
            case EADDRNOTAVAIL -> "EADDRNOTAVAIL, no such address here";
            case EAFNOSUPPORT -> "EAFNOSUPPORT, no such address family";
            default -> "see errno(3)";
        };
        return "errno " + errno + " (" + meaning + ")";
    }
}
