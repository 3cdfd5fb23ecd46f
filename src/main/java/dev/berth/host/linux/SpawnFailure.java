package dev.berth.host.linux;

import dev.berth.host.Launcher.LaunchException;

/** Why the kernel did not start a program, in words that tell what to do. */
final class SpawnFailure {
    private SpawnFailure() {}

    /**
     * @param command as people wrote it
     * @param file what was to be executed; it was there and executable right before
     * @param bytes of its arguments and environment
     */
    static LaunchException of(String command, String file, long bytes, int errno) {
        String why = switch (errno) {
            case Errno.ENOENT ->
                file
                        + " is there, but what is to run it is not: the interpreter in its first line (#!), with no carriage"
                        + " return behind it, or the loader that it was built for";
            case Errno.ENOEXEC ->
                file + " is no program that this machine can run: a script needs a first line such as #!/bin/sh,"
                        + " a compiled program must be built for this processor";
            case Errno.EACCES ->
                "the kernel does not let it run: " + file + " or the interpreter in its first line (#!) is not"
                        + " executable for Berth's user, or lies on a file system mounted with noexec";
            case Errno.E2BIG ->
                "its arguments and environment have " + bytes + " bytes, more than the kernel takes (getconf ARG_MAX;"
                        + " 128 KiB for a single one): make them shorter, or put them in a file";
            case Errno.EAGAIN ->
                "no more processes are allowed: the limit of this user (ulimit -u), of Berth's unit or container"
                        + " (TasksMax, pids.max) or of the machine has been reached";
            case Errno.ENOMEM -> "the machine has no memory left for it";
            case Errno.ETXTBSY -> file + " is open for writing; it can be started when it has been written";
            default -> Errno.describe(errno);
        };
        return new LaunchException("could not start " + command + ": " + why);
    }
}
