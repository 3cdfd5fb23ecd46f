package dev.berth.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.ProcessControl.Liveness;
import dev.berth.model.ProcessRef;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link ProcessControl} promises. */
@Timeout(120)
public abstract class ProcessControlContract {
    /** Far longer than anything here takes; only a failing test waits for it. */
    private static final long PATIENCE_SECONDS = 20;

    private ProcessControl control;

    /** The control under test; the contract closes it. */
    protected abstract ProcessControl create() throws Exception;

    /** A new process that SIGTERM ends. */
    protected abstract ProcessRef startObedient();

    /** A new process that already ignores SIGTERM. */
    protected abstract ProcessRef startStubborn();

    /** Pid 1 as it can be known. */
    protected abstract ProcessRef init();

    /** The process that the control itself runs in. */
    protected abstract ProcessRef self();

    /** Lets time pass where it is simulated; called until what is waited for has come. */
    protected void advance() {}

    @BeforeEach
    void createControl() throws Exception {
        control = create();
    }

    @AfterEach
    void closeControl() {
        control.close();
    }

    protected final ProcessControl control() {
        return control;
    }

    @Test
    void signalsTheProcessThatIsMeant() {
        ProcessRef process = startObedient();
        assertThat(control.liveness(process)).isEqualTo(Liveness.ALIVE);

        assertThat(control.signal(process, Set.of(), Signal.SIGTERM)).isEqualTo(new SignalResult.Sent());

        awaitEnd(process);
        assertThat(control.liveness(process)).isEqualTo(Liveness.GONE);
    }

    @Test
    void sigkillEndsWhatIgnoresSigterm() {
        ProcessRef process = startStubborn();

        assertThat(control.signal(process, Set.of(), Signal.SIGTERM)).isEqualTo(new SignalResult.Sent());
        assertThat(control.liveness(process)).isEqualTo(Liveness.ALIVE);

        assertThat(control.signal(process, Set.of(), Signal.SIGKILL)).isEqualTo(new SignalResult.Sent());
        awaitEnd(process);
    }

    @Test
    void anotherProcessOfTheSamePidIsNeverSignalled() {
        ProcessRef newcomer = startObedient();
        ProcessRef meant = new ProcessRef(newcomer.pid(), newcomer.startTicks() - 1, newcomer.bootId());

        assertThat(control.signal(meant, Set.of(), Signal.SIGKILL)).isInstanceOf(SignalResult.NotTheSame.class);
        assertThat(control.liveness(meant)).isEqualTo(Liveness.GONE);
        assertThat(control.liveness(newcomer)).isEqualTo(Liveness.ALIVE);
    }

    @Test
    void aProcessOfAnotherBootIsNeverSignalled() {
        ProcessRef newcomer = startObedient();
        ProcessRef meant = new ProcessRef(newcomer.pid(), newcomer.startTicks(), "another boot");

        assertThat(control.signal(meant, Set.of(), Signal.SIGKILL)).isInstanceOf(SignalResult.NotTheSame.class);
        assertThat(control.liveness(meant)).isEqualTo(Liveness.GONE);
        assertThat(control.liveness(newcomer)).isEqualTo(Liveness.ALIVE);
    }

    @Test
    void whatHasEndedIsGone() {
        ProcessRef process = startObedient();
        control.signal(process, Set.of(), Signal.SIGKILL);
        awaitEnd(process);

        assertThat(control.signal(process, Set.of(), Signal.SIGTERM)).isEqualTo(new SignalResult.Gone());
        assertThat(control.liveness(process)).isEqualTo(Liveness.GONE);
    }

    @Test
    void initIsRefused() {
        assertThat(control.signal(init(), Set.of(), Signal.SIGKILL)).isEqualTo(new SignalResult.Protected("init"));
    }

    @Test
    void berthItselfIsRefused() {
        assertThat(control.signal(self(), Set.of(), Signal.SIGKILL)).isEqualTo(new SignalResult.Protected("self"));
    }

    @Test
    void aPidThatMeansAGroupOfProcessesIsRefused() {
        ProcessRef everybody = new ProcessRef(-1, 0, self().bootId());
        ProcessRef ownGroup = new ProcessRef(0, 0, self().bootId());

        assertThat(control.signal(everybody, Set.of(), Signal.SIGTERM)).isInstanceOf(SignalResult.Failed.class);
        assertThat(control.signal(ownGroup, Set.of(), Signal.SIGTERM)).isInstanceOf(SignalResult.Failed.class);
    }

    @Test
    void everyWatchOfAProcessHearsOfItsEndOnce() {
        ProcessRef process = startObedient();
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch three = new CountDownLatch(3);
        for (int i = 0; i < 3; i++) {
            control.onExit(process, () -> {
                calls.incrementAndGet();
                three.countDown();
            });
        }
        assertThat(calls).hasValue(0);

        control.signal(process, Set.of(), Signal.SIGTERM);
        await(three);
        awaitEnd(process);

        assertThat(calls).hasValue(3);
    }

    @Test
    void aWatchOfWhatHasEndedIsCalledAtOnce() {
        ProcessRef process = startObedient();
        control.signal(process, Set.of(), Signal.SIGKILL);
        awaitEnd(process);
        CountDownLatch called = new CountDownLatch(1);

        control.onExit(process, called::countDown);

        await(called);
    }

    @Test
    void aClosedWatchIsNotCalled() {
        ProcessRef process = startObedient();
        AtomicInteger calls = new AtomicInteger();
        ProcessControl.Watch watch = control.onExit(process, calls::incrementAndGet);

        watch.close();
        watch.close();
        control.signal(process, Set.of(), Signal.SIGKILL);
        awaitEnd(process);

        assertThat(calls).hasValue(0);
    }

    @Test
    void aCallbackThatFailsCostsOthersNothing() {
        ProcessRef process = startObedient();
        ProcessRef other = startObedient();
        CountDownLatch failed = new CountDownLatch(1);
        control.onExit(process, () -> {
            failed.countDown();
            throw new IllegalStateException("a fault in a callback, thrown by a test on purpose");
        });
        control.signal(process, Set.of(), Signal.SIGKILL);
        await(failed);

        control.signal(other, Set.of(), Signal.SIGKILL);
        awaitEnd(other);
    }

    /** Waits for the end through the control itself. */
    protected final void awaitEnd(ProcessRef process) {
        CountDownLatch ended = new CountDownLatch(1);
        control.onExit(process, ended::countDown);
        await(ended);
    }

    private void await(CountDownLatch latch) {
        long rounds = PATIENCE_SECONDS * 1000;
        try {
            for (long i = 0; i < rounds; i++) {
                advance();
                if (latch.await(1, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new AssertionError("nothing was heard of the end of the process");
    }
}
