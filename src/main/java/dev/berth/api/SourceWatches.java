package dev.berth.api;

import java.util.List;

/** Every source of declarations that is watched. The wiring makes one. */
public record SourceWatches(List<SourceWatch> all) {
    public SourceWatches {
        all = List.copyOf(all);
    }

    /** How each text of each source fares. */
    public List<SourceState> states() {
        return all.stream().flatMap(watch -> watch.states().stream()).toList();
    }
}
