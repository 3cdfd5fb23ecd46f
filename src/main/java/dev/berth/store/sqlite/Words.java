package dev.berth.store.sqlite;

import dev.berth.store.StoreException;

/** Constants as the database writes them. */
final class Words {
    private Words() {}

    static <E extends Enum<E>> E parse(Class<E> type, String word) throws StoreException {
        try {
            return Enum.valueOf(type, word);
        } catch (IllegalArgumentException unknown) {
            throw new StoreException(
                    StoreException.Cause.CORRUPT,
                    "\"" + word + "\" is no " + type.getSimpleName()
                            + " that this Berth knows; was it written by a newer one?",
                    unknown);
        }
    }
}
