package dev.berth.store;

import dev.berth.model.Measurement;
import dev.berth.model.ServiceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was measured of services over time, finely for a while and more coarsely the older it is. It knows services by name only,
 * so that their measurements outlive them. {@link #add} and {@link #shorten} are for one thread at a time; reads may come from
 * any.
 */
public interface MeasurementStore extends AutoCloseable {
    /**
     * Adds measurements of the finest resolution; put together with what is there of the same span. On disk when it returns. When
     * it throws, some services' may have been added.
     */
    void add(Map<ServiceKey, List<Measurement>> measured) throws StoreException;

    /**
     * What is known of a span, oldest first, in whatever resolution it is there; none overlaps another. The first may begin before
     * the span, the last end after it.
     */
    List<Measurement> read(ServiceKey service, Instant since, Instant until) throws StoreException;

    /** Of whom anything may be known in a span. */
    Set<ServiceKey> services(Instant since, Instant until) throws StoreException;

    /**
     * Puts what is old together to the next coarser resolution, and drops what is too old or too much, the oldest and coarsest
     * first. Works in bounded transactions, so that a failure leaves a smaller part of the work done.
     *
     * @return how many pages were put together or dropped
     */
    int shorten(Instant now, Keep keep) throws StoreException;

    @Override
    void close();

    /**
     * How long and how much is kept. A page that is not over yet is never put together, so that each is kept for up to a page
     * longer.
     *
     * @param pages of all services and resolutions together
     */
    record Keep(Duration detail, Duration minutes, Duration quarters, int pages) {}
}
