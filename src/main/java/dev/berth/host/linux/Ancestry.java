package dev.berth.host.linux;

import dev.berth.host.HolderEvidence.Program;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells which processes are above one, parent first, up to pid 1 or to the edge of the pid namespace. */
interface Ancestry {
    List<Above> of(ProcStat process);

    /** A process above another one. */
    record Above(ProcStat stat, Program program) {}

    /** As it is each time that it is asked. */
    record Now(ProcFiles files) implements Ancestry {
        @Override
        public List<Above> of(ProcStat process) {
            return files.ancestors(process).stream()
                    .map(above -> new Above(above, files.program(above)))
                    .toList();
        }
    }

    /**
     * As it was when it was asked first, for the children of one parent: many services have the same processes above them, and to
     * read those takes longer than to read the service. For one look, on one thread.
     */
    final class Once implements Ancestry {
        private final Ancestry now;
        private final Map<Long, List<Above>> byParent = new HashMap<>();

        Once(Ancestry now) {
            this.now = now;
        }

        @Override
        public List<Above> of(ProcStat process) {
            List<Above> before = byParent.get(process.parent());
            if (before != null && before.get(0).stat().startTicks() <= process.startTicks()) {
                return before;
            }
            List<Above> all = now.of(process);
            if (!all.isEmpty() && all.get(all.size() - 1).stat().parent() == 0) {
                // Up to the top: where one of them went while they were read, the next one sees better.
                byParent.put(process.parent(), all);
            }
            return all;
        }
    }
}
