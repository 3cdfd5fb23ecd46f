package dev.berth.model;

/**
 * One line of the audit log, chained to the one before it.
 *
 * @param hash SHA-256 over the previous hash and every other field, in lower-case hex
 */
public record AuditRecord(long seq, AuditEntry entry, String previousHash, String hash) {}
