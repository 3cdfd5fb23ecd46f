package dev.berth.store;

import dev.berth.model.Actor;
import dev.berth.model.AuditEntry;
import dev.berth.model.AuditRecord;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The chain that makes tampering with the audit log show: each record's hash is SHA-256 over the previous hash and every
 * field of the record.
 *
 * <p>The encoding is unambiguous: fields stand in a fixed order, a text is preceded by its length in bytes (UTF-8), what may
 * be missing by a byte that says whether it is there. So no two different records have the same encoding.
 *
 * <p>The chain has no secret. It shows a change by anybody who does not compute every later hash and the anchor anew; it does
 * not stop who may write the file from doing just that.
 */
public final class AuditChain {
    /** What the first record ever names as its predecessor. */
    public static final String GENESIS = "0".repeat(64);

    /** Stands before every encoding, so that a later format can't be taken for this one. */
    private static final String FORMAT = "berth-audit-1";

    private AuditChain() {}

    /** The record that follows {@code head}, which is empty before the first one. */
    public static AuditRecord append(Optional<Store.AuditHead> head, AuditEntry entry) {
        long seq = head.map(Store.AuditHead::seq).orElse(0L) + 1;
        String previous = head.map(Store.AuditHead::hash).orElse(GENESIS);
        return new AuditRecord(seq, entry, previous, hash(seq, previous, entry));
    }

    /** Lower-case hex of the hash that a record with these fields must have. */
    public static String hash(long seq, String previousHash, AuditEntry entry) {
        return HexFormat.of().formatHex(sha256().digest(encode(seq, previousHash, entry)));
    }

    private static byte[] encode(long seq, String previousHash, AuditEntry entry) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            text(out, FORMAT);
            out.writeLong(seq);
            text(out, previousHash);
            out.writeLong(entry.at().getEpochSecond());
            out.writeInt(entry.at().getNano());
            actor(out, entry.actor());
            text(out, entry.action());
            text(out, entry.target().kind());
            optional(out, entry.target().namespace());
            text(out, entry.target().name());
            text(out, entry.reason());
            text(out, entry.outcome().name());
            text(out, entry.detail());
            optional(out, entry.service().map(service -> service.namespace()));
            optional(out, entry.service().map(service -> service.name()));
            optional(out, entry.conflict());
            optional(out, entry.act());
        } catch (IOException impossible) {
            throw new UncheckedIOException("an array in memory refused bytes", impossible);
        }
        return bytes.toByteArray();
    }

    private static void actor(DataOutputStream out, Actor actor) throws IOException {
        text(out, actor.kind().name());
        text(out, actor.name());
        out.writeBoolean(actor.uid().isPresent());
        if (actor.uid().isPresent()) {
            out.writeLong(actor.uid().getAsLong());
        }
    }

    private static void optional(DataOutputStream out, Optional<String> value) throws IOException {
        out.writeBoolean(value.isPresent());
        if (value.isPresent()) {
            text(out, value.get());
        }
    }

    private static void text(DataOutputStream out, String value) throws IOException {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /**
     * Walks a chain in the order of its sequence numbers, then compares its end with the anchor. It takes one record at a
     * time, so that a log of any length needs no memory.
     */
    public static final class Walk {
        private final Optional<Store.AuditHead> checkpoint;
        private Optional<Store.AuditHead> head;
        private long records;

        /** @param checkpoint the last record that retention removed; empty when nothing was removed */
        public Walk(Optional<Store.AuditHead> checkpoint) {
            this.checkpoint = checkpoint;
            this.head = checkpoint;
        }

        /** Takes the next record. An answer means that the chain is broken there and the walk is over. */
        public Optional<Store.AuditVerification> next(AuditRecord entry) {
            long expectedSeq = head.map(Store.AuditHead::seq).orElse(0L) + 1;
            String expectedPrevious = head.map(Store.AuditHead::hash).orElse(GENESIS);
            if (entry.seq() != expectedSeq) {
                return broken(
                        entry.seq(),
                        "record " + expectedSeq + " was expected" + origin() + ", record " + entry.seq()
                                + " was found");
            }
            if (!entry.previousHash().equals(expectedPrevious)) {
                return broken(entry.seq(), "record " + entry.seq() + " does not continue the one before it" + origin());
            }
            if (!entry.hash().equals(hash(entry.seq(), entry.previousHash(), entry.entry()))) {
                return broken(
                        entry.seq(),
                        "the content of record " + entry.seq() + " does not fit its hash: it was changed afterwards");
            }
            head = Optional.of(new Store.AuditHead(entry.seq(), entry.hash()));
            records++;
            return Optional.empty();
        }

        /** The verdict when the record with this number is there, but makes no sense as one. */
        public Store.AuditVerification unreadable(long seq, String why) {
            return verdict(seq, "record " + seq + " can't be read as one (" + why + "): it was changed afterwards");
        }

        /** The verdict on the whole. @param anchor the end as noted beside the log; empty when nothing was ever written */
        public Store.AuditVerification end(Optional<Store.AuditHead> anchor) {
            if (head.equals(anchor)) {
                return new Store.AuditVerification(true, records, OptionalLong.empty(), Optional.empty());
            }
            long endSeq = head.map(Store.AuditHead::seq).orElse(0L);
            long anchorSeq = anchor.map(Store.AuditHead::seq).orElse(0L);
            if (endSeq < anchorSeq) {
                return verdict(
                        endSeq + 1,
                        "the log ends with record " + endSeq + ", the anchor says " + anchorSeq
                                + ": the end was cut off");
            }
            return verdict(
                    endSeq,
                    endSeq == anchorSeq
                            ? "the last record is not the one that the anchor names: the end was written anew"
                            : "the log ends with record " + endSeq + ", the anchor says " + anchorSeq
                                    + ": records were added from outside");
        }

        private String origin() {
            return records == 0 && checkpoint.isPresent()
                    ? " (behind the checkpoint at " + checkpoint.get().seq() + ")"
                    : "";
        }

        private Optional<Store.AuditVerification> broken(long at, String reason) {
            return Optional.of(verdict(at, reason));
        }

        private Store.AuditVerification verdict(long at, String reason) {
            return new Store.AuditVerification(false, records, OptionalLong.of(at), Optional.of(reason));
        }
    }
}
