package dev.berth.control;

import dev.berth.model.Actor;
import dev.berth.model.AuditEntry;
import dev.berth.model.AuditEntry.Target;
import dev.berth.model.Caller;
import dev.berth.model.Outcome;
import dev.berth.model.SettingOverride;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Stores what people set while Berth runs, with a record of each change. Who reads settings is told by the commit. */
public final class SettingChanges {
    private final Registry registry;
    private final InstantSource clock;

    SettingChanges(Registry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /**
     * One setting as it is to be stored; valid where it was read.
     *
     * @param file the file that says so; empty for REST
     * @param value empty means that nothing is said any longer
     * @param before what holds, as its source wrote it
     * @param after what will hold then, which may be the same: another source may win
     * @param reason for the record and for plans
     */
    public record Change(
            String key, Optional<String> file, Optional<String> value, String before, String after, String reason) {}

    /**
     * Stores all of them, or none.
     *
     * @throws StaleVersionException when somebody else changed one of them in between
     */
    public void commit(List<Change> wanted, Caller caller) throws StoreException, StaleVersionException {
        ChangeSet.Builder changes = ChangeSet.builder();
        add(wanted, registry.settingOverrides(), caller.actor(), clock.instant(), changes);
        registry.commit(changes.build());
    }

    /** Adds what differs from what is stored. */
    static void add(
            List<Change> wanted, List<SettingOverride> stored, Actor actor, Instant at, ChangeSet.Builder changes) {
        for (Change change : wanted) {
            Optional<SettingOverride> present = stored.stream()
                    .filter(each -> each.key().equals(change.key())
                            && each.file().isPresent() == change.file().isPresent())
                    .findFirst();
            Optional<SettingOverride> next = change.value()
                    .map(value -> new SettingOverride(
                            change.key(),
                            value,
                            change.file(),
                            present.map(SettingOverride::resourceVersion).orElse(0L)));
            if (next.equals(present)) {
                continue;
            }
            next.ifPresentOrElse(changes::put, () -> present.ifPresent(changes::delete));
            changes.audit(audit(change, actor, at));
        }
    }

    private static AuditEntry audit(Change change, Actor actor, Instant at) {
        return new AuditEntry(
                at,
                actor,
                Audits.SETTING_CHANGED,
                Target.setting(change.key()),
                change.reason(),
                Outcome.SUCCEEDED,
                change.before() + " → " + change.after(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
