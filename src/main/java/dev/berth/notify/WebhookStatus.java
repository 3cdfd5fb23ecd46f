package dev.berth.notify;

import dev.berth.model.Webhook;
import java.time.Instant;
import java.util.Optional;

/**
 * How the notifications of one webhook fare.
 *
 * @param behind journal rows that it has yet to look at
 * @param delivered notifications since Berth started, as the following
 * @param retried attempts that failed and were followed by another
 * @param givenUp refused, or without success at every attempt
 * @param dropped too old, or no longer in the journal, when their turn came
 * @param pending what is being tried again, in words
 * @param last the latest attempt and what became of it
 */
public record WebhookStatus(
        Webhook webhook,
        long behind,
        long delivered,
        long retried,
        long givenUp,
        long dropped,
        Optional<Pending> pending,
        Optional<Attempt> last) {
    public record Pending(String id, String title, int attempts, Instant nextAt) {}

    public record Attempt(Instant at, String id, String result) {}
}
