package dev.berth.app;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * Identifiers that sort by time: 48 bits of milliseconds, 80 random bits, in Crockford's base 32 (26 characters). Within one
 * millisecond, or when the clock goes back, the previous one is counted up, so that no two are the same and none sorts
 * before an earlier one.
 */
final class Ulids implements Supplier<String> {
    private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
    private static final int TIME_DIGITS = 10;
    private static final int RANDOM_DIGITS = 16;

    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    // Guarded by this.
    private long lastMillis = Long.MIN_VALUE;
    private final byte[] tail = new byte[RANDOM_DIGITS];

    Ulids(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public synchronized String get() {
        long now = clock.millis();
        if (now > lastMillis) {
            lastMillis = now;
            for (int i = 0; i < RANDOM_DIGITS; i++) {
                tail[i] = (byte) random.nextInt(DIGITS.length);
            }
            // Room to count up from: the first digit never starts at its highest.
            tail[0] = (byte) (tail[0] / 2);
        } else {
            countUp();
        }
        return text();
    }

    private void countUp() {
        for (int i = RANDOM_DIGITS - 1; i >= 0; i--) {
            tail[i] = (byte) ((tail[i] + 1) % DIGITS.length);
            if (tail[i] != 0) {
                return;
            }
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder(TIME_DIGITS + RANDOM_DIGITS);
        for (int shift = 5 * (TIME_DIGITS - 1); shift >= 0; shift -= 5) {
            text.append(DIGITS[(int) (lastMillis >>> shift) & 31]);
        }
        for (byte digit : tail) {
            text.append(DIGITS[digit]);
        }
        return text.toString();
    }
}
