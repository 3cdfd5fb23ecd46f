package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.model.Actor;
import dev.berth.model.AuditEntry;
import dev.berth.model.AuditRecord;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One line of the audit log as it is sent. */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record AuditView(
        long seq,
        String at,
        ActorView actor,
        String action,
        TargetView target,
        String reason,
        String outcome,
        String detail,
        Optional<String> conflict,
        Optional<String> act,
        String hash,
        String previousHash) {
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record ActorView(String kind, String name, OptionalLong uid) {
        static ActorView of(Actor actor) {
            return new ActorView(Wire.lower(actor.kind()), actor.name(), actor.uid());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record TargetView(String kind, Optional<String> namespace, String name) {
        static TargetView of(AuditEntry.Target target) {
            return new TargetView(target.kind(), target.namespace(), target.name());
        }

        @Override
        public String toString() {
            return kind + " " + namespace.map(each -> each + "/").orElse("") + name;
        }
    }

    /** @param brokenAt null when the chain is whole */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Verification(boolean valid, long records, OptionalLong brokenAt, Optional<String> reason) {}

    static AuditView of(AuditRecord line) {
        AuditEntry entry = line.entry();
        return new AuditView(
                line.seq(),
                Wire.time(entry.at()),
                ActorView.of(entry.actor()),
                entry.action(),
                TargetView.of(entry.target()),
                entry.reason(),
                Wire.camel(entry.outcome()),
                entry.detail(),
                entry.conflict(),
                entry.act(),
                line.hash(),
                line.previousHash());
    }

    /**
     * As one may see it whom it does or does not concern: without the words, which may quote what is not theirs.
     *
     * @param full whether the words are for this reader
     */
    AuditView forReader(boolean full) {
        return full
                ? this
                : new AuditView(
                        seq,
                        at,
                        actor,
                        action,
                        target,
                        ServiceView.WITHHELD,
                        outcome,
                        ServiceView.WITHHELD,
                        conflict,
                        act,
                        hash,
                        previousHash);
    }

    static String table(List<AuditView> records) {
        if (records.isEmpty()) {
            return "No audit records.\n";
        }
        TextTable table = TextTable.of("SEQ", "AT", "ACTOR", "ACTION", "TARGET", "OUTCOME", "DETAIL", "REASON");
        records.forEach(each -> {
            table.row(
                    each.seq(),
                    each.at(),
                    each.actor().name(),
                    each.action(),
                    each.target(),
                    each.outcome(),
                    each.detail(),
                    each.reason());
        });
        return table.toString();
    }
}
