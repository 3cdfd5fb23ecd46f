package dev.berth.host.linux;

/** Something that stands for one process and not for a later one of the same pid. */
interface ProcessPin extends AutoCloseable {
    /** Has the process ended, all its threads included? True for a zombie. Does not wait. */
    boolean hasEnded() throws CallException;

    /**
     * Signals the process and none other; 0 only asks whether that would be allowed.
     *
     * @throws CallException ESRCH when it has ended, whoever has the pid now
     */
    void send(int signal) throws CallException;

    @Override
    void close();

    /** Makes pins. */
    interface Pinner {
        /**
         * Pins the process that has this pid now.
         *
         * @throws CallException ESRCH when there is none
         */
        ProcessPin pin(long pid) throws CallException;
    }
}
