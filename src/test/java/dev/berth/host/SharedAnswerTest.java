package dev.berth.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedAnswerTest {
    private final List<Set<String>> looks = new CopyOnWriteArrayList<>();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final SharedAnswer<String, Set<String>> shared = new SharedAnswer<>(
            all -> {
                looks.add(all);
                waitForIt();
                return all;
            },
            System::nanoTime);

    @Test
    void whoeverAsksDuringALookIsAnsweredByTheNextForAllThatWasAsked() throws Exception {
        List<Thread> askers = new ArrayList<>();
        FutureTask<Set<String>> first = ask(askers, "first");
        await().until(() -> looks.size() == 1);
        List<FutureTask<Set<String>>> later = List.of(ask(askers, "a"), ask(askers, "b"), ask(askers, "a", "c"));
        await().until(() -> askers.stream().skip(1).allMatch(each -> each.getState() == Thread.State.WAITING));

        goOn.countDown();

        assertThat(first.get()).containsExactly("first");
        for (FutureTask<Set<String>> each : later) {
            assertThat(each.get()).contains("a", "b", "c");
        }
        assertThat(looks).hasSize(2);
        assertThat(shared.about(Set.of("last")))
                .as("nobody asks for the others any more")
                .containsExactly("last");
    }

    private void waitForIt() {
        try {
            goOn.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private FutureTask<Set<String>> ask(List<Thread> askers, String... about) {
        FutureTask<Set<String>> answer = new FutureTask<>(() -> shared.about(Set.of(about)));
        Thread thread = new Thread(answer, "asker");
        askers.add(thread);
        thread.start();
        return answer;
    }
}
