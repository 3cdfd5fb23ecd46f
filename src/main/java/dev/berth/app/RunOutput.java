package dev.berth.app;

import dev.berth.control.LastLines;
import dev.berth.logs.LogReader;
import dev.berth.model.ServiceKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What services wrote last, by their logs. Where the present run's part begins is known as long as this Berth made the start;
 * the lines of one that it took over may be of an earlier run.
 */
final class RunOutput implements LastLines {
    private final LogReader logs;
    private final Function<ServiceKey, Path> log;
    private final Map<ServiceKey, Long> starts = new ConcurrentHashMap<>();

    RunOutput(LogReader logs, Function<ServiceKey, Path> log) {
        this.logs = logs;
        this.log = log;
    }

    @Override
    public void begin(ServiceKey service) {
        try {
            starts.put(service, logs.end(log.apply(service)));
        } catch (IOException unreadable) {
            // Then nothing can be told apart; whoever asks for the lines is told that they can't be read.
            starts.remove(service);
        }
    }

    @Override
    public List<String> of(ServiceKey service) {
        Path file = log.apply(service);
        try {
            return logs.excerpt(file, starts.getOrDefault(service, LogReader.EVERYTHING));
        } catch (IOException unreadable) {
            // No reason not to tell how the service ended.
            return List.of("its log " + file + " can't be read: " + unreadable.getMessage());
        }
    }
}
