package dev.berth.host.linux;

import dev.berth.host.ProcessControlContract;
import dev.berth.model.ProcessRef;
import dev.berth.testing.Children;
import dev.berth.testing.Tools;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** The contract on processes of this machine. */
abstract class RealProcessControlContract extends ProcessControlContract {
    protected final Children children = new Children();
    protected final ProcFiles files = new ProcFiles(Path.of("/proc"));

    @BeforeAll
    static void linux() {
        Tools.requireLinux();
    }

    @AfterEach
    void endChildren() {
        children.close();
    }

    @Override
    protected ProcessRef startObedient() {
        return ref(children.start(Children.IDLE).pid());
    }

    @Override
    protected ProcessRef startStubborn() {
        return ref(children.startReady(Children.STUBBORN).process().pid());
    }

    @Override
    protected ProcessRef init() {
        return ref(1);
    }

    @Override
    protected ProcessRef self() {
        return ref(ProcessHandle.current().pid());
    }

    protected final ProcessRef ref(long pid) {
        try {
            return new ProcfsProcessReader(System::nanoTime).identify(pid).orElseThrow();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
