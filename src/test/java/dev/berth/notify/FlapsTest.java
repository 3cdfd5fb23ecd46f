package dev.berth.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Severity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlapsTest {
    private static final Damping USUAL = new Damping(6, Duration.ofMinutes(10), Duration.ofMinutes(5));
    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

    private final Flaps flaps = new Flaps(Map.of());
    private Instant now = NOON;
    private int seq;

    private static Notice notice(Instant at, boolean down, int seq) {
        String type = down ? "ServiceDown" : "ServiceRecovered";
        return new Notice(
                "service/uid-web/" + type + "/" + seq,
                type,
                Severity.HIGH,
                at,
                "default/web " + (down ? "is failed" : "runs again"),
                "it exited with 1",
                Map.of("service", "default/web", "state", down ? "failed" : "running"));
    }

    private static List<Notice> steadyAt(Flaps flaps, Instant then, Damping by) {
        return flaps.steadyAt(then, by).stream().map(Flaps.Steady::notice).toList();
    }

    /** Goes down and up in turn. */
    private List<Notice> change(int times, Duration apart, Damping by) {
        List<Notice> told = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            boolean down = seq % 2 == 0;
            flaps.judge("uid-web", notice(now, down, seq), down, by).ifPresent(told::add);
            seq++;
            now = now.plus(apart);
        }
        return told;
    }

    private static List<String> types(List<Notice> notices) {
        return notices.stream().map(Notice::type).toList();
    }

    @Test
    void whatChangesOftenIsToldOnceAndThenOnlyThatItIsSteadyAgain() {
        List<Notice> told = change(20, Duration.ofSeconds(10), USUAL);
        assertThat(types(told))
                .containsExactly(
                        "ServiceDown",
                        "ServiceRecovered",
                        "ServiceDown",
                        "ServiceRecovered",
                        "ServiceDown",
                        "ServiceFlapping");
        Notice flapping = told.get(5);
        assertThat(flapping.title()).isEqualTo("default/web is flapping: went down 3 times in 50 s");
        assertThat(flapping.id()).isEqualTo("service/uid-web/ServiceFlapping/5");
        assertThat(flapping.severity()).isEqualTo(Severity.HIGH);

        Instant last = now.minusSeconds(10);
        assertThat(flaps.nextSteady(USUAL)).contains(last.plus(USUAL.calm()));
        assertThat(flaps.steadyAt(last.plus(USUAL.calm()).minusMillis(1), USUAL))
                .isEmpty();
        List<Notice> steady = steadyAt(flaps, last.plus(USUAL.calm()), USUAL);
        assertThat(steady).singleElement().satisfies(notice -> {
            assertThat(notice.type()).isEqualTo("ServiceSteady");
            assertThat(notice.title()).isEqualTo("default/web is steady again, up");
            assertThat(notice.text()).isEqualTo("it changed 20 times in 3 min 10 s");
        });
        flaps.steadyWasTold("uid-web");
        assertThat(flaps.nextSteady(USUAL)).isEmpty();

        now = last.plus(USUAL.calm()).plusSeconds(1);
        assertThat(types(change(1, Duration.ZERO, USUAL))).as("it begins anew").containsExactly("ServiceDown");
    }

    @Test
    void whatStaysDownIsSteadyToo() {
        change(7, Duration.ofSeconds(10), USUAL);
        assertThat(steadyAt(flaps, now.plus(USUAL.calm()), USUAL))
                .extracting(Notice::title)
                .containsExactly("default/web is steady again, failed");
    }

    @Test
    void whatChangesSeldomIsToldEachTimeAndForgotten() {
        assertThat(change(40, Duration.ofSeconds(121), USUAL))
                .extracting(Notice::type)
                .doesNotContain("ServiceFlapping")
                .hasSize(40);
        assertThat(flaps.steadyAt(now.plus(USUAL.window()), USUAL)).isEmpty();
        assertThat(flaps.written()).isEmpty();
    }

    @Test
    void zeroTellsEachTime() {
        assertThat(change(40, Duration.ofSeconds(1), new Damping(0, USUAL.window(), USUAL.calm())))
                .extracting(Notice::type)
                .doesNotContain("ServiceFlapping")
                .hasSize(40);
    }

    @Test
    void zeroIsTheEndOfAFlappingUnderWay() {
        change(8, Duration.ofSeconds(1), USUAL);
        Damping none = new Damping(0, USUAL.window(), USUAL.calm());
        assertThat(types(change(2, Duration.ofSeconds(1), none))).containsExactly("ServiceDown", "ServiceRecovered");
        assertThat(flaps.nextSteady(none)).isEmpty();
    }

    @Test
    void whatIsSteadyStaysToBeToldUntilItWas() {
        change(6, Duration.ofSeconds(1), USUAL);
        Instant calm = now.plus(USUAL.calm());
        assertThat(steadyAt(flaps, calm, USUAL)).hasSize(1);

        Instant later = calm.plus(Duration.ofDays(2));
        assertThat(steadyAt(flaps, later, USUAL)).singleElement().satisfies(notice -> {
            assertThat(notice.at()).as("it is news then").isEqualTo(later);
            assertThat(notice.id()).isEqualTo("service/uid-web/ServiceSteady/" + NOON.toEpochMilli());
        });
        flaps.steadyWasTold("uid-web");
        assertThat(steadyAt(flaps, later, USUAL)).isEmpty();
    }

    @Test
    void changesOfBeforeTheClockWasSetBackDoNotCount() {
        change(5, Duration.ofSeconds(1), USUAL);
        now = NOON.minus(Duration.ofHours(3));
        assertThat(types(change(5, Duration.ofMinutes(9), USUAL)))
                .containsExactly(
                        "ServiceRecovered", "ServiceDown", "ServiceRecovered", "ServiceDown", "ServiceRecovered");
    }

    @Test
    void aFlappingThatTheClockWasSetBackInSaysNotHowLongItTook() {
        change(6, Duration.ofSeconds(1), USUAL);
        now = NOON.minus(Duration.ofHours(3));
        change(1, Duration.ZERO, USUAL);
        assertThat(steadyAt(flaps, now.plus(USUAL.calm()), USUAL))
                .extracting(Notice::text)
                .containsExactly("it changed 7 times");
    }

    @Test
    void theEndOfTheServiceIsTheEndOfItsFlapping() {
        change(3, Duration.ofSeconds(1), USUAL);
        assertThat(flaps.gone("uid-web", now)).as("it did not flap").isEmpty();
        change(6, Duration.ofSeconds(1), USUAL);
        assertThat(flaps.gone("uid-web", now).map(Notice::title)).contains("default/web flaps no more: it was stopped");
        assertThat(flaps.nextSteady(USUAL)).isEmpty();
    }

    @Test
    void howMuchIsRememberedDoesNotGrowWithTheChanges() {
        change(10_000, Duration.ofMillis(1), USUAL);
        assertThat(flaps.written().get("uid-web").changes()).hasSizeLessThanOrEqualTo(USUAL.changes());
    }

    @Test
    void theNextBerthKnowsWhatFlaps(@TempDir Path directory) throws Exception {
        Optional<Path> file = Optional.of(directory.resolve("notifications.json"));
        change(8, Duration.ofSeconds(10), USUAL);
        Memory memory = new Memory(7, List.of(), Map.of(), flaps.written());
        Bookmarks.open(file).save("team", memory);

        Flaps next = Bookmarks.open(file).find("team").orElseThrow().flaps();
        assertThat(next.written()).isEqualTo(flaps.written());
        assertThat(next.judge("uid-web", notice(now, true, 8), true, USUAL)).isEmpty();
        assertThat(steadyAt(next, now.plus(USUAL.calm()), USUAL))
                .extracting(Notice::text)
                .containsExactly("it changed 9 times in 1 min 20 s");
    }
}
