package dev.berth.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Caller;
import dev.berth.model.User;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How often one user may ask, on a clock that stands still until the test moves it. */
class RequestRatesTest {
    private static final int RATE = 50;
    private static final Caller ANN = caller(1000, "ann", false);
    private static final Caller BEN = caller(1001, "ben", false);

    // Any point of a monotonic clock may be negative.
    private final AtomicLong nanos = new AtomicLong(-1_000_000_000L);
    private final RequestRates rates = new RequestRates(nanos::get);

    private static Caller caller(long uid, String name, boolean administrator) {
        return new Caller(new User(uid, Optional.of(name)), name, administrator, Optional.empty());
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private int letIn(Caller caller, boolean isChange, int tries) {
        int letIn = 0;
        for (int i = 0; i < tries; i++) {
            letIn += rates.ask(caller, isChange, RATE).isEmpty() ? 1 : 0;
        }
        return letIn;
    }

    @Test
    void tenSecondsWorthMayComeAtOnceAndThenSoManyInASecond() {
        assertThat(letIn(ANN, false, 2000)).isEqualTo(10 * RATE);
        pass(Duration.ofSeconds(1));
        assertThat(letIn(ANN, false, 2000)).isEqualTo(RATE);
        pass(Duration.ofHours(1));
        assertThat(letIn(ANN, false, 2000)).isEqualTo(10 * RATE);
    }

    @Test
    void aChangeCountsAsTen() {
        assertThat(letIn(ANN, true, 2000)).isEqualTo(RATE);
        assertThat(letIn(ANN, false, 1)).isZero();
    }

    @Test
    void whoWaitsAsLongAsTheyAreToldIsLetIn() {
        letIn(ANN, false, 2000);
        Duration wait = rates.ask(ANN, true, RATE).orElseThrow();
        pass(wait.minusNanos(1));
        assertThat(rates.ask(ANN, true, RATE)).isPresent();
        pass(Duration.ofNanos(1));
        assertThat(rates.ask(ANN, true, RATE)).isEmpty();
    }

    @Test
    void oneUserTakesNothingFromAnotherNorFromAnAdministrator() {
        letIn(ANN, false, 2000);
        assertThat(letIn(BEN, false, 2000)).isEqualTo(10 * RATE);
        assertThat(letIn(caller(1000, "ann", true), true, 2000)).isEqualTo(2000);
    }

    @Test
    void whoIsRefusedPaysNothingForIt() {
        letIn(ANN, false, 1_000_000);
        pass(Duration.ofSeconds(2));
        assertThat(letIn(ANN, false, 2000)).isEqualTo(2 * RATE);
    }

    @Test
    void nobodyIsForgottenWhoHasToWait() {
        letIn(ANN, false, 2000);
        for (int uid = 2000; uid < 5000; uid++) {
            rates.ask(caller(uid, "user" + uid, false), false, RATE);
        }
        assertThat(letIn(ANN, false, 1)).isZero();
    }
}
