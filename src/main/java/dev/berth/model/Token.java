package dev.berth.model;

import java.time.Instant;

/**
 * A secret that stands for the user who made it, with at most that user's rights. The secret itself is shown once, when it is
 * made, and kept nowhere.
 *
 * @param name unique among all tokens; what revokes it, and what records say of its acts
 * @param id never used again, unlike the name
 * @param onlyOwn it may change and end only what was declared by it
 * @param hash SHA-256 of the secret, in hex. A slow, salted hash is for passwords, which people choose and which can be
 *     guessed; the secret is 256 random bits, so that there is nothing to guess and no table to look it up in
 */
public record Token(
        String name,
        String id,
        User owner,
        Scope scope,
        boolean onlyOwn,
        String hash,
        Instant createdAt,
        Instant expiresAt,
        long resourceVersion)
        implements StoredObject {
    /** How much of its owner's rights it has. */
    public enum Scope {
        /** Looks, and changes nothing. */
        READ,
        /** Changes what is its owner's. */
        MANAGE,
        /** Everything that its owner may do. */
        ADMIN
    }

    @Override
    public ObjectRef ref() {
        return refOf(name);
    }

    public static ObjectRef refOf(String name) {
        return ObjectRef.global(ObjectRef.Kind.TOKEN, name);
    }

    public boolean isExpired(Instant now) {
        return !now.isBefore(expiresAt);
    }

    @Override
    public Token withResourceVersion(long version) {
        return new Token(name, id, owner, scope, onlyOwn, hash, createdAt, expiresAt, version);
    }
}
