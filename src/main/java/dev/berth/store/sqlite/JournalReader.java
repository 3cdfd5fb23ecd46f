package dev.berth.store.sqlite;

import dev.berth.model.Conflict;
import dev.berth.model.ObjectRef;
import dev.berth.model.StoredObject;
import dev.berth.store.Store;
import dev.berth.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Questions to the journal and to the anchors. */
final class JournalReader {
    /** States as SQL, from our own enum: a list of quoted words. */
    static final String OPEN_STATES = Arrays.stream(Conflict.State.values())
            .filter(Conflict.State::isOpen)
            .map(state -> "'" + state.name() + "'")
            .collect(Collectors.joining(", ", "(", ")"));

    private final ObjectCodec codec;

    JournalReader(ObjectCodec codec) {
        this.codec = codec;
    }

    Store.Loaded load(Connection connection) throws SQLException, StoreException {
        List<StoredObject> objects = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                        select kind, snapshot from journal
                        where seq in (select max(seq) from journal group by kind, namespace, name)
                          and change <> 'DELETED' and (state is null or state in %s)
                        order by seq
                        """.formatted(OPEN_STATES));
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                objects.add(snapshot(rows));
            }
        }
        Store.AuditHead journal = anchor(connection, Anchor.JOURNAL);
        return new Store.Loaded(objects, journal.seq(), head(connection, Anchor.AUDIT));
    }

    List<Store.JournalRow> after(Connection connection, long seq, int limit) throws SQLException, StoreException {
        try (PreparedStatement statement = connection.prepareStatement("""
                select seq, kind, namespace, name, change, at, snapshot from journal
                where seq > ? order by seq limit ?
                """)) {
            statement.setLong(1, seq);
            statement.setInt(2, limit);
            return rows(statement);
        }
    }

    List<Store.JournalRow> changes(Connection connection, ObjectRef object, Instant since, int limit)
            throws SQLException, StoreException {
        // From the newest back, over the index of objects, to the first that is old enough.
        try (PreparedStatement statement = connection.prepareStatement("""
                select seq, kind, namespace, name, change, at, snapshot from journal
                where kind = ?1 and namespace = ?2 and name = ?3 and seq >= coalesce(
                    (select max(seq) from journal
                     where kind = ?1 and namespace = ?2 and name = ?3 and at < ?4), 0)
                order by seq desc limit ?5
                """)) {
            statement.setString(1, object.kind().name());
            statement.setString(2, object.namespace());
            statement.setString(3, object.name());
            statement.setLong(4, Timestamps.toNanos(since));
            statement.setInt(5, limit);
            List<Store.JournalRow> found = rows(statement);
            Collections.reverse(found);
            return found;
        }
    }

    private List<Store.JournalRow> rows(PreparedStatement statement) throws SQLException, StoreException {
        List<Store.JournalRow> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(new Store.JournalRow(
                        rows.getLong("seq"),
                        new ObjectRef(kind(rows), rows.getString("namespace"), rows.getString("name")),
                        Words.parse(Store.Change.class, rows.getString("change")),
                        snapshot(rows),
                        Timestamps.fromNanos(rows.getLong("at"))));
            }
        }
        return found;
    }

    List<Conflict> conflicts(Connection connection, Store.ConflictQuery query) throws SQLException, StoreException {
        // The literal kind lets SQLite use the indexes that hold conflicts only.
        Filter filter = new Filter("""
                select kind, snapshot from journal j
                where kind = 'CONFLICT' and change <> 'DELETED' and seq = (
                    select max(seq) from journal l
                    where l.kind = 'CONFLICT' and l.namespace = j.namespace and l.name = j.name)
                """)
                .and("service = ?", query.service().map(Object::toString))
                .and("port = ?", query.port().map(Object::toString))
                .and("state = ?", query.state().map(Enum::name))
                .and("detected_at >= ?", query.since().map(Timestamps::toNanos));
        List<Conflict> found = new ArrayList<>();
        try (PreparedStatement statement =
                        filter.prepare(connection, "order by detected_at desc, name desc", query.limit());
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add((Conflict) snapshot(rows));
            }
        }
        return found;
    }

    Optional<Conflict> conflict(Connection connection, String id) throws SQLException, StoreException {
        try (PreparedStatement statement = connection.prepareStatement("""
                select kind, snapshot, change from journal
                where kind = 'CONFLICT' and namespace = '' and name = ? order by seq desc limit 1
                """)) {
            statement.setString(1, id);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && Words.parse(Store.Change.class, rows.getString("change")) != Store.Change.DELETED
                        ? Optional.of((Conflict) snapshot(rows))
                        : Optional.empty();
            }
        }
    }

    /** The end that an anchor names; empty when there is none yet. */
    static Optional<Store.AuditHead> head(Connection connection, Anchor name) throws SQLException, StoreException {
        return Optional.of(anchor(connection, name)).filter(head -> head.seq() > 0);
    }

    static Store.AuditHead anchor(Connection connection, Anchor name) throws SQLException, StoreException {
        try (PreparedStatement statement = connection.prepareStatement("select seq, hash from anchor where name = ?")) {
            statement.setString(1, name.key());
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    throw new StoreException(
                            StoreException.Cause.CORRUPT,
                            "the anchor \"" + name.key() + "\" is missing: somebody changed the database from outside");
                }
                return new Store.AuditHead(rows.getLong("seq"), rows.getString("hash"));
            }
        }
    }

    private StoredObject snapshot(ResultSet rows) throws SQLException, StoreException {
        return codec.read(kind(rows), rows.getString("snapshot"));
    }

    private static ObjectRef.Kind kind(ResultSet rows) throws SQLException, StoreException {
        return Words.parse(ObjectRef.Kind.class, rows.getString("kind"));
    }
}
