package dev.berth.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.model.Conflict;
import dev.berth.model.Instances;
import dev.berth.model.ObjectRef;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import dev.berth.model.StoredObject;
import dev.berth.model.User;
import dev.berth.store.Registry;
import dev.berth.store.Store;
import dev.berth.store.StoreException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The journal as those who watch see it: the latest rows from memory, older ones from the store. Each row is put into words
 * once, however many watch. Safe for use by many threads.
 */
final class WatchFeed {
    /** What can be watched; evictions are Berth's own affair, and settings may hold secrets. */
    static final Set<ObjectRef.Kind> KINDS =
            EnumSet.of(ObjectRef.Kind.SERVICE, ObjectRef.Kind.CONFLICT, ObjectRef.Kind.RESERVATION);

    /** A minute of a busy stack; who falls farther behind reads from the store. */
    private static final int KEPT = 2048;

    /** Characters that the kept rows say together, a small part of the daemon's memory: usual rows have some thousand. */
    static final int KEPT_LENGTH = 16 << 20;

    /** A longer text is made anew for each who watches: usual ones are shorter. */
    private static final int SHARED_LENGTH = 8 << 10;

    /** Rows that one reading of the store brings. */
    private static final int AT_ONCE = 64;

    /** Characters of the rows that one who watches has before them; they may take their time. */
    private static final int PIECE_LENGTH = 1 << 20;

    private final Registry registry;
    private final Store store;
    private final ObjectMapper json;
    // Guarded by this: rows without a gap, the newest last.
    private final Deque<Row> latest = new ArrayDeque<>();
    private long length;

    /** Put into words for the first who watches: the writer, which hands rows over, must not wait for that. */
    private final class Row {
        private final Store.JournalRow row;
        private final int length;
        // Guarded by this.
        private final Map<Boolean, Optional<WatchEvent>> made = new HashMap<>();

        Row(Store.JournalRow row) {
            this.row = row;
            this.length = RowLength.of(row.snapshot());
        }

        long version() {
            return row.seq();
        }

        ObjectRef.Kind kind() {
            return row.ref().kind();
        }

        /** Empty for a replica whose service has gone. */
        synchronized Optional<WatchEvent> event(Predicate<User> reader) {
            boolean full = row.snapshot() instanceof Service service
                    && reader.test(service.metadata().owner());
            Optional<WatchEvent> known = made.get(full);
            if (known != null) {
                return known;
            }
            Optional<WatchEvent> event = WatchFeed.this.event(row, full);
            if (event.filter(each -> each.data().length() > SHARED_LENGTH).isEmpty()) {
                made.put(full, event);
            }
            return event;
        }
    }

    /** What is to be told, put into words when the one who watches takes it; empty when there is nothing to tell by then. */
    interface Message {
        Optional<WatchEvent> event();
    }

    /**
     * A piece of the journal.
     *
     * @param to the version up to which it tells everything
     */
    record Piece(List<Message> messages, long to) {}

    WatchFeed(Registry registry, Store store, ObjectMapper json) {
        this.registry = registry;
        this.store = store;
        this.json = json;
    }

    /** To be told of every commit, in order. */
    synchronized void committed(List<Store.JournalRow> rows) {
        for (Store.JournalRow row : rows) {
            Row kept = new Row(row);
            latest.addLast(kept);
            length += kept.length;
        }
        while (latest.size() > KEPT || length > KEPT_LENGTH) {
            length -= latest.removeFirst().length;
        }
    }

    /** How many rows memory has. */
    synchronized int rowsKept() {
        return latest.size();
    }

    /** Why a watch can't resume after the version; empty when it can. */
    Optional<String> obstacle(long version) throws StoreException {
        long newest = registry.resourceVersion();
        if (version > newest) {
            return Optional.of("version " + version + " is not known here, the newest is " + newest
                    + ": it is of another database; list again and watch from there");
        }
        return version < store.journalDroppedTo()
                ? Optional.of(
                        "what came after version " + version + " is no longer kept; list again and watch from there")
                : Optional.empty();
    }

    /**
     * Everything of these kinds as it is now, and the version that this is.
     *
     * @param reader whose services the watching one may see all of
     */
    Piece present(Set<ObjectRef.Kind> kinds, Predicate<User> reader) {
        long version = registry.resourceVersion();
        List<StoredObject> objects = new ArrayList<>();
        if (kinds.contains(ObjectRef.Kind.SERVICE)) {
            registry.services().stream().filter(each -> !each.key().isReplica()).forEach(objects::add);
        }
        if (kinds.contains(ObjectRef.Kind.CONFLICT)) {
            objects.addAll(registry.openConflicts());
        }
        if (kinds.contains(ObjectRef.Kind.RESERVATION)) {
            objects.addAll(registry.reservations());
        }
        return new Piece(
                objects.stream().<Message>map(each -> () -> added(each, reader)).toList(), version);
    }

    private Optional<WatchEvent> added(StoredObject object, Predicate<User> reader) {
        boolean full = object instanceof Service service
                && reader.test(service.metadata().owner());
        return view(object, full).map(text -> new WatchEvent("added", OptionalLong.empty(), text));
    }

    /** What came after the version, or the first part of it. */
    Piece after(long version, Set<ObjectRef.Kind> kinds, Predicate<User> reader) throws StoreException {
        List<Row> rows = kept(version).orElse(List.of());
        if (rows.isEmpty() && registry.resourceVersion() > version) {
            rows = store.journalAfter(version, AT_ONCE).stream().map(Row::new).toList();
        }
        List<Message> messages = new ArrayList<>();
        long to = version;
        long told = 0;
        for (Row row : rows) {
            if (kinds.contains(row.kind())) {
                told += row.length;
                if (told > PIECE_LENGTH && !messages.isEmpty()) {
                    break;
                }
                messages.add(() -> row.event(reader));
            }
            to = row.version();
        }
        return new Piece(messages, to);
    }

    /** Empty when memory does not reach back that far. */
    private synchronized Optional<List<Row>> kept(long version) {
        Row oldest = latest.peekFirst();
        if (oldest == null || oldest.version() > version + 1) {
            return Optional.empty();
        }
        return Optional.of(latest.stream()
                .filter(row -> row.version() > version)
                .limit(AT_ONCE)
                .toList());
    }

    private Optional<WatchEvent> event(Store.JournalRow row, boolean full) {
        boolean replica =
                row.snapshot() instanceof Service service && service.key().isReplica();
        String type = replica ? "modified" : row.change().name().toLowerCase(Locale.ROOT);
        return view(row.snapshot(), full).map(text -> new WatchEvent(type, OptionalLong.of(row.seq()), text));
    }

    /** As the lists show it; a replica as the service that it is of. */
    private Optional<String> view(StoredObject object, boolean full) {
        if (object instanceof Service service) {
            Optional<Service> shown =
                    service.key().isReplica() ? registry.service(service.key().origin()) : Optional.of(service);
            return shown.map(
                    each -> text(ServiceView.of(Instances.of(each, registry.services()), Optional.empty(), full)));
        }
        if (object instanceof Conflict conflict) {
            return Optional.of(text(ConflictView.of(conflict)));
        }
        return object instanceof Reservation reservation
                ? Optional.of(text(ReservationView.of(reservation)))
                : Optional.empty();
    }

    private String text(Object view) {
        try {
            return json.writeValueAsString(view);
        } catch (JsonProcessingException defect) {
            throw new UncheckedIOException(defect);
        }
    }
}
