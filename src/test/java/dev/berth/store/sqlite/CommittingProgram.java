package dev.berth.store.sqlite;

import dev.berth.model.StoredObject;
import dev.berth.store.ChangeSet;
import dev.berth.store.JournalRegistry;
import dev.berth.store.StoredSamples;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A program to be killed: opens the database that it is given and commits without end from several threads. After each commit
 * it prints the object's name and version, which is its acknowledgement.
 */
final class CommittingProgram {
    private static final int THREADS = 4;

    private CommittingProgram() {}

    public static void main(String[] arguments) throws Exception {
        String url = DatabaseUrl.file(Path.of(arguments[0]));
        String round = arguments[1];
        ExecutorService writer = Executors.newSingleThreadExecutor();
        JournalRegistry registry =
                JournalRegistry.open(new FileDatabase(url).store(), InstantSource.system(), System::nanoTime, writer);
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
        for (int thread = 0; thread < THREADS; thread++) {
            String prefix = "r" + round + "t" + thread + "n";
            new Thread(() -> {
                        for (int i = 0; ; i++) {
                            commit(registry, prefix + i, out);
                        }
                    })
                    .start();
        }
    }

    private static void commit(JournalRegistry registry, String name, PrintStream out) {
        try {
            StoredObject written = registry.commit(ChangeSet.builder()
                            .put(StoredSamples.setting(name, "1"))
                            .audit(StoredSamples.audit(name))
                            .build())
                    .get(0);
            // One write call for the line, so that it is there whole or not at all.
            out.print(name + " " + written.resourceVersion() + "\n");
            out.flush();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
