package dev.berth.host.linux;

import dev.berth.host.HolderEvidence.Program;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Tells which processes are above one, parent first, up to pid 1 or to the edge of the pid namespace. */
interface Ancestry {
    List<Above> of(ProcStat process);

    /** A process above another one. */
    record Above(ProcStat stat, Program program) {}

    /** Up to the top? Where one of them went while they were read, the next one to ask sees better. */
    private static boolean isWhole(List<Above> all) {
        return !all.isEmpty() && all.get(all.size() - 1).stat().parent() == 0;
    }

    /**
     * As it is each time that it is asked, from Berth itself upwards as it was within the last second: that is above every
     * service, and to read it takes longer than to read the service. For any thread.
     */
    final class Now implements Ancestry {
        private static final long KEPT_NANOS = 1_000_000_000L;

        private final ProcFiles files;
        private final long self;
        private final LongSupplier nanos;
        private volatile Optional<Own> own = Optional.empty();

        /**
         * @param self Berth's own pid
         * @param nanos monotonic nanoseconds
         */
        Now(ProcFiles files, long self, LongSupplier nanos) {
            this.files = files;
            this.self = self;
            this.nanos = nanos;
        }

        private record Own(List<Above> all, long readAt) {
            /** Not when another process has taken it on since. */
            boolean isOf(ProcStat berth) {
                ProcStat before = all.get(0).stat();
                return before.startTicks() == berth.startTicks() && before.parent() == berth.parent();
            }
        }

        @Override
        public List<Above> of(ProcStat process) {
            List<Above> all = new ArrayList<>();
            Optional<ProcStat> parent = files.parent(process);
            while (parent.isPresent()) {
                ProcStat above = parent.get();
                if (above.pid() == self) {
                    all.addAll(own(above));
                    return all;
                }
                all.add(above(above));
                parent = files.parent(above);
            }
            return all;
        }

        private List<Above> own(ProcStat berth) {
            long now = nanos.getAsLong();
            Optional<Own> known = own.filter(last -> now - last.readAt() < KEPT_NANOS && last.isOf(berth));
            if (known.isPresent()) {
                return known.get().all();
            }
            List<Above> all = new ArrayList<>();
            for (Optional<ProcStat> next = Optional.of(berth); next.isPresent(); next = files.parent(next.get())) {
                all.add(above(next.get()));
            }
            if (isWhole(all)) {
                own = Optional.of(new Own(List.copyOf(all), now));
            }
            return all;
        }

        private Above above(ProcStat stat) {
            return new Above(stat, files.program(stat));
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
            if (isWhole(all)) {
                byParent.put(process.parent(), all);
            }
            return all;
        }
    }
}
