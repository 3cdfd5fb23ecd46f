package dev.berth.store;

import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.ObjectRef;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import dev.berth.model.SettingOverride;
import dev.berth.model.StoredObject;
import dev.berth.model.Token;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that is current at one commit's end. Immutable, so that a reader never sees half of a commit.
 *
 * @param lastSeq the journal row that it stands at; 0 before the first
 * @param auditHead the end of the audit chain; empty before the first record
 */
record CurrentObjects(
        Table<Service> services,
        Table<Conflict> openConflicts,
        Table<Eviction> evictions,
        Table<Reservation> reservations,
        Table<SettingOverride> settings,
        Table<Token> tokens,
        long lastSeq,
        Optional<Store.AuditHead> auditHead) {

    private static final Comparator<Service> OLDEST_FIRST = Comparator.comparing(
                    (Service service) -> service.metadata().creationTimestamp())
            .thenComparing(Service::key);

    static CurrentObjects of(Store.Loaded loaded) {
        Map<ObjectRef, Optional<StoredObject>> all = new HashMap<>();
        loaded.objects().forEach(object -> all.put(object.ref(), Optional.of(object)));
        return new CurrentObjects(
                        Table.empty(Service.class, OLDEST_FIRST),
                        Table.empty(Conflict.class, Comparator.comparing(Conflict::id)),
                        Table.empty(Eviction.class, Comparator.comparing(Eviction::port)),
                        Table.empty(Reservation.class, Comparator.comparing(Reservation::port)),
                        Table.empty(
                                SettingOverride.class,
                                Comparator.comparing(
                                        (SettingOverride each) -> each.ref().name())),
                        Table.empty(Token.class, Comparator.comparing(Token::name)),
                        loaded.lastSeq(),
                        loaded.lastAudit())
                .with(all, loaded.lastSeq(), loaded.lastAudit());
    }

    Optional<? extends StoredObject> find(ObjectRef ref) {
        return table(ref.kind()).find(ref);
    }

    /** What is current after the changes; an empty value removes. A closed conflict leaves: it is history. */
    CurrentObjects with(
            Map<ObjectRef, Optional<StoredObject>> changes, long newLastSeq, Optional<Store.AuditHead> newAuditHead) {
        Map<ObjectRef.Kind, Map<ObjectRef, Optional<StoredObject>>> byKind = new EnumMap<>(ObjectRef.Kind.class);
        changes.forEach((ref, value) -> byKind.computeIfAbsent(ref.kind(), kind -> new HashMap<>())
                .put(ref, value.filter(CurrentObjects::isKept)));
        return new CurrentObjects(
                services.with(of(byKind, ObjectRef.Kind.SERVICE)),
                openConflicts.with(of(byKind, ObjectRef.Kind.CONFLICT)),
                evictions.with(of(byKind, ObjectRef.Kind.EVICTION)),
                reservations.with(of(byKind, ObjectRef.Kind.RESERVATION)),
                settings.with(of(byKind, ObjectRef.Kind.SETTING)),
                tokens.with(of(byKind, ObjectRef.Kind.TOKEN)),
                newLastSeq,
                newAuditHead);
    }

    private static Map<ObjectRef, Optional<StoredObject>> of(
            Map<ObjectRef.Kind, Map<ObjectRef, Optional<StoredObject>>> byKind, ObjectRef.Kind kind) {
        return byKind.getOrDefault(kind, Map.of());
    }

    private static boolean isKept(StoredObject object) {
        return !(object instanceof Conflict conflict) || conflict.state().isOpen();
    }

    private Table<? extends StoredObject> table(ObjectRef.Kind kind) {
        return switch (kind) {
            case SERVICE -> services;
            case CONFLICT -> openConflicts;
            case EVICTION -> evictions;
            case RESERVATION -> reservations;
            case SETTING -> settings;
            case TOKEN -> tokens;
        };
    }
}
