package dev.berth.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.logs.LogPositions;
import dev.berth.logs.LogReader;
import dev.berth.model.Caller;
import dev.berth.model.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One follower, run by hand: what it does for clients that are slow, silent or gone. */
class LogStreamTest {
    private static final LogReader.Selection WANTED = new LogReader.Selection(10, false);

    @TempDir
    Path directory;

    private final List<String> told = new ArrayList<>();
    private final CompletableFuture<Void> timer = new CompletableFuture<>();
    private Path log;
    private long nanos;
    private boolean isThere = true;
    private boolean hungUp;
    private boolean completed;
    private static final Caller ROOT = Caller.plain(User.of(0, "root"));

    private final LogPlaces places = new LogPlaces();
    private LogStream stream;

    private final Flow.Subscriber<String> client = new Flow.Subscriber<>() {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            told.add("(connected)");
        }

        @Override
        public void onNext(String text) {
            told.add(text);
        }

        @Override
        public void onError(Throwable failure) {
            throw new AssertionError("there is nobody to tell", failure);
        }

        @Override
        public void onComplete() {
            completed = true;
        }
    };

    @BeforeEach
    void follow() throws IOException {
        log = directory.resolve("backend.log");
        LogReader reader = new LogReader(new LogPositions());
        for (int others = 1; others < LogPlaces.MOST_FOLLOWERS; others++) {
            places.take(WANTED, true, ROOT).delivered();
        }
        stream = new LogStream(
                reader.follow(log, WANTED),
                () -> isThere,
                () -> nanos,
                () -> hungUp = true,
                places.take(WANTED, true, ROOT));
        stream.start(task -> timer, task -> {});
        stream.subscribe(client);
        stream.request(1);
        stream.run();
        assertThat(told).as("the head goes out before there is a line").containsExactly("(connected)", "");
        told.clear();
    }

    @Test
    void nothingIsSentThatWasNotAskedFor() throws IOException {
        append("one\n");
        stream.run();
        assertThat(told).isEmpty();
        stream.request(1);
        stream.run();
        append("two\n");
        stream.run();
        assertThat(told).containsExactly("one\n");
    }

    @Test
    void aClientThatTakesNothingLosesItsPlace() throws IOException {
        append("one\n");
        pass(LogStream.PATIENCE);
        stream.run();
        assertThat(hungUp).isFalse();
        pass(Duration.ofSeconds(1));
        stream.run();
        stream.run();
        assertThat(hungUp).isTrue();
        assertThat(timer).isCancelled();
        assertExactlyOnePlaceIsFree();
        assertThat(completed).as("what is not whole does not end as if it were").isFalse();
    }

    @Test
    void aQuietLogKeepsItsReaders() {
        stream.request(1);
        pass(LogStream.KEEP_ALIVE.plusSeconds(1));
        stream.run();
        stream.run();
        assertThat(told).containsExactly("");
        stream.request(1);
        stream.run();
        assertThat(told).as("not again at once").containsExactly("");
        assertThat(hungUp).isFalse();
    }

    @Test
    void whoGoesGivesItsPlaceBack() throws IOException {
        stream.request(1);
        stream.cancel();
        stream.cancel();
        append("one\n");
        stream.run();
        assertExactlyOnePlaceIsFree();
        assertThat(told).isEmpty();
        assertThat(hungUp).isFalse();
    }

    @Test
    void whatAServiceSaidAtItsEndIsSent() throws IOException {
        append("one\nlast words");
        isThere = false;
        stream.request(1);
        stream.run();
        assertThat(told).containsExactly("one\n");
        assertThat(completed).isFalse();
        stream.request(1);
        stream.run();
        assertThat(told).containsExactly("one\n", "last words\n");
        assertThat(completed).isTrue();
        assertExactlyOnePlaceIsFree();
    }

    @Test
    void aLogThatCantBeReadEndsTheConnection() throws IOException {
        stream.request(1);
        Files.createDirectory(log);
        Files.writeString(directory.resolve("backend.log/x"), "");
        stream.run();
        assertThat(hungUp).isTrue();
        assertExactlyOnePlaceIsFree();
    }

    @Test
    void longTailsHaveOnlySoMuchRoom() {
        LogReader.Selection longest = new LogReader.Selection(LogReader.MOST_LINES, false);
        List<LogPlaces.Place> taken = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            taken.add(places.take(longest, false, ROOT));
        }
        assertThatThrownBy(() -> places.take(longest, false, ROOT)).hasMessageContaining("fewer lines");
        places.take(WANTED, false, ROOT).close();
        taken.get(0).delivered();
        taken.get(0).close();
        places.take(longest, false, ROOT);
        assertThatThrownBy(() -> places.take(longest, false, ROOT)).hasMessageContaining("fewer lines");
    }

    @Test
    void aFollowerHoldsNoRoomOnceItHasTheLastLines() throws IOException {
        LogReader.Selection longest = new LogReader.Selection(LogReader.MOST_LINES, false);
        LogPlaces own = new LogPlaces();
        for (int i = 0; i < 20; i++) {
            LogStream quiet = new LogStream(
                    new LogReader(new LogPositions()).follow(log, longest),
                    () -> true,
                    () -> nanos,
                    () -> hungUp = true,
                    own.take(longest, true, ROOT));
            quiet.subscribe(client);
            quiet.request(2);
            quiet.run();
            quiet.run();
        }
        assertThat(hungUp).isFalse();
    }

    @Test
    void oneUserHasNoMoreThanAPartOfThePlaces() {
        LogPlaces own = new LogPlaces();
        Caller ann = Caller.plain(User.of(1000, "ann"));
        List<LogPlaces.Place> taken = new ArrayList<>();
        for (int i = 0; i < LogPlaces.MOST_FOLLOWERS / 4; i++) {
            taken.add(own.take(WANTED, true, ann));
        }
        assertThatThrownBy(() -> own.take(WANTED, true, ann)).hasMessageContaining("16 readers follow logs for you");
        own.take(WANTED, true, Caller.plain(User.of(1001, "ben"))).close();
        taken.get(0).close();
        taken.get(0).close();
        own.take(WANTED, true, ann);
        assertThatThrownBy(() -> own.take(WANTED, true, ann)).hasMessageContaining("for you");

        LogReader.Selection longest = new LogReader.Selection(LogReader.MOST_LINES, false);
        LogPlaces tails = new LogPlaces();
        tails.take(longest, false, ann);
        assertThatThrownBy(() -> {
                    tails.take(longest, false, ann);
                    tails.take(longest, false, ann);
                })
                .hasMessageContaining("fewer lines");
        tails.take(longest, false, ROOT);
    }

    private void assertExactlyOnePlaceIsFree() {
        places.take(WANTED, true, ROOT);
        assertThatThrownBy(() -> places.take(WANTED, true, ROOT)).hasMessageContaining("64 readers");
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private void append(String text) throws IOException {
        Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
