package dev.berth.store.sqlite;

import dev.berth.model.Actor;
import dev.berth.model.AuditEntry;
import dev.berth.model.AuditRecord;
import dev.berth.model.Outcome;
import dev.berth.model.ServiceKey;
import dev.berth.store.AuditChain;
import dev.berth.store.Store;
import dev.berth.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Questions to the audit log. */
final class AuditReader {
    List<AuditRecord> find(Connection connection, Store.AuditQuery query) throws SQLException, StoreException {
        Filter filter = new Filter("select * from audit where true")
                .and("service = ?", query.service().map(Object::toString))
                // Begins with, without a pattern's signs: what a user did by a token is theirs too.
                .and(
                        "instr(actor_name || '" + Actor.BY_TOKEN + "', ?) = 1",
                        query.actor().map(name -> name + Actor.BY_TOKEN))
                .and("action = ?", query.action())
                .and("conflict = ?", query.conflict())
                .and("at >= ?", query.since().map(Timestamps::toNanos))
                .and(
                        "seq < ?",
                        query.before().isPresent() ? Optional.of(query.before().getAsLong()) : Optional.empty());
        List<AuditRecord> found = new ArrayList<>();
        try (PreparedStatement statement = filter.prepare(connection, "order by seq desc", query.limit());
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(row(rows));
            }
        }
        return found;
    }

    Store.AuditVerification verify(Connection connection) throws SQLException, StoreException {
        AuditChain.Walk walk = new AuditChain.Walk(JournalReader.head(connection, Anchor.AUDIT_CHECKPOINT));
        try (PreparedStatement statement = connection.prepareStatement("select * from audit order by seq");
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                AuditRecord next;
                try {
                    next = row(rows);
                } catch (StoreException garbled) {
                    return walk.unreadable(rows.getLong("seq"), String.valueOf(garbled.getMessage()));
                }
                Optional<Store.AuditVerification> broken = walk.next(next);
                if (broken.isPresent()) {
                    return broken.get();
                }
            }
        }
        return walk.end(JournalReader.head(connection, Anchor.AUDIT));
    }

    private static AuditRecord row(ResultSet rows) throws SQLException, StoreException {
        long uid = rows.getLong("actor_uid");
        OptionalLong actorUid = rows.wasNull() ? OptionalLong.empty() : OptionalLong.of(uid);
        AuditEntry entry = new AuditEntry(
                Timestamps.fromNanos(rows.getLong("at")),
                new Actor(
                        Words.parse(Actor.Kind.class, rows.getString("actor_kind")),
                        rows.getString("actor_name"),
                        actorUid),
                rows.getString("action"),
                new AuditEntry.Target(
                        rows.getString("target_kind"),
                        Optional.ofNullable(rows.getString("target_namespace")),
                        rows.getString("target_name")),
                rows.getString("reason"),
                Words.parse(Outcome.class, rows.getString("outcome")),
                rows.getString("detail"),
                service(rows),
                Optional.ofNullable(rows.getString("conflict")),
                Optional.ofNullable(rows.getString("act")));
        return new AuditRecord(rows.getLong("seq"), entry, rows.getString("previous_hash"), rows.getString("hash"));
    }

    private static Optional<ServiceKey> service(ResultSet rows) throws SQLException, StoreException {
        @Nullable String text = rows.getString("service");
        try {
            return Optional.ofNullable(text).map(ServiceKey::parse);
        } catch (IllegalArgumentException garbled) {
            throw new StoreException(StoreException.Cause.CORRUPT, "\"" + text + "\" is no service's name", garbled);
        }
    }
}
