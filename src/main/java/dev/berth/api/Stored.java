package dev.berth.api;

import dev.berth.host.ObservationException;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;

/** Turns what the core refuses with into answers. */
final class Stored {
    private Stored() {}

    /** Something that the core may refuse. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws StoreException, StaleVersionException, ObservationException;
    }

    /** @param versionAsked whether the caller named a version, so that a stale one is its own business */
    static <T> T answer(boolean versionAsked, Call<T> call) {
        try {
            return call.run();
        } catch (StoreException failed) {
            throw Problems.unavailable(failed);
        } catch (ObservationException failed) {
            throw Problems.unavailable(failed);
        } catch (StaleVersionException stale) {
            throw Problems.stale(stale, versionAsked);
        }
    }

    static <T> T answer(Call<T> call) {
        return answer(false, call);
    }
}
