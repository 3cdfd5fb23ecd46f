package dev.berth.store.sqlite;

import dev.berth.model.Measurement;
import dev.berth.model.Resolution;
import dev.berth.model.ServiceKey;
import dev.berth.store.MeasurementStore;
import dev.berth.store.StoreException;
import dev.berth.store.sqlite.MeasurementReader.Place;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Measurements on SQLite, in pages. Written through the one connection that everything is written through, which is taken for a
 * bounded number of rows at a time that are read and packed before: a change of a service waits for one such transaction at most.
 */
final class SqliteMeasurements implements MeasurementStore {
    /**
     * Pages of one transaction: some milliseconds. Many at once, because the pages of one minute lie together in the file, which is
     * written by blocks that hold a few dozen.
     */
    private static final int CHUNK = 200;

    private final ReadConnections reads;
    private final SingleConnection single;

    /** @param single the one connection that writes */
    SqliteMeasurements(ReadConnections reads, SingleConnection single) {
        this.reads = reads;
        this.single = single;
    }

    @Override
    public void add(Map<ServiceKey, List<Measurement>> measured) throws StoreException {
        Map<Place, List<Measurement>> pages = new LinkedHashMap<>();
        measured.forEach((service, points) -> points.forEach(point -> pages.computeIfAbsent(
                        new Place(Resolution.DETAIL, Resolution.DETAIL.pageStart(point.start()), service),
                        place -> new ArrayList<>())
                .add(point)));
        for (List<Place> chunk : chunks(pages.keySet())) {
            Map<Place, List<Measurement>> some = new LinkedHashMap<>();
            chunk.forEach(place -> some.put(place, pages.getOrDefault(place, List.of())));
            Map<Place, byte[]> packed = packed(some);
            write("writing measurements", connection -> put(connection, packed));
        }
    }

    private static <T> List<List<T>> chunks(Collection<T> all) {
        List<T> list = List.copyOf(all);
        List<List<T>> chunks = new ArrayList<>();
        for (int from = 0; from < list.size(); from += CHUNK) {
            chunks.add(list.subList(from, Math.min(list.size(), from + CHUNK)));
        }
        return chunks;
    }

    /** Pages as they are to be, with what is there already: nobody else writes any, so that it stays true until it is written. */
    private Map<Place, byte[]> packed(Map<Place, List<Measurement>> pages) throws StoreException {
        return reads.read("reading measurements", connection -> {
            Map<Place, byte[]> packed = new LinkedHashMap<>();
            for (Map.Entry<Place, List<Measurement>> page : pages.entrySet()) {
                List<Measurement> all = new ArrayList<>(MeasurementReader.page(connection, page.getKey()));
                all.addAll(page.getValue());
                packed.put(
                        page.getKey(),
                        MeasurementCodec.write(
                                Measurement.together(all, page.getKey().resolution())));
            }
            return packed;
        });
    }

    private static void put(Connection connection, Map<Place, byte[]> pages) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "insert or replace into measurement (resolution, page, service, points) values (?, ?, ?, ?)")) {
            for (Map.Entry<Place, byte[]> page : pages.entrySet()) {
                page.getKey().bind(statement);
                statement.setBytes(4, page.getValue());
                statement.executeUpdate();
            }
        }
    }

    @Override
    public List<Measurement> read(ServiceKey service, Instant since, Instant until) throws StoreException {
        return reads.read("reading measurements", connection -> {
            List<Measurement> found = new ArrayList<>();
            for (Resolution resolution : Resolution.values()) {
                found.addAll(
                        MeasurementReader.read(connection, resolution, service, resolution.pageStart(since), until));
            }
            found.removeIf(each -> !each.end().isAfter(since) || !each.start().isBefore(until));
            found.sort(Comparator.comparing(Measurement::start));
            return found;
        });
    }

    @Override
    public Set<ServiceKey> services(Instant since, Instant until) throws StoreException {
        return reads.read("reading measurements", connection -> {
            Set<ServiceKey> found = new TreeSet<>();
            for (Resolution resolution : Resolution.values()) {
                found.addAll(MeasurementReader.services(connection, resolution, resolution.pageStart(since), until));
            }
            return found;
        });
    }

    @Override
    public int shorten(Instant now, Keep keep) throws StoreException {
        // What needs no understanding comes first: a page that can't be read must not let the rest grow without bounds.
        int gone = dropBeyond(keep.pages());
        for (Resolution resolution : Resolution.values()) {
            gone += drop(resolution, now.minus(keep.quarters()));
        }
        return gone
                + rollUp(Resolution.DETAIL, Resolution.MINUTE, now.minus(keep.detail()))
                + rollUp(Resolution.MINUTE, Resolution.QUARTER, now.minus(keep.minutes()));
    }

    /** Whole pages of the coarser resolution only, so that each is made once. */
    private int rollUp(Resolution fine, Resolution coarse, Instant before) throws StoreException {
        int gone = 0;
        Instant end = coarse.pageStart(before);
        for (List<Place> old = oldest(fine, end, 1); !old.isEmpty(); old = oldest(fine, end, 1)) {
            Instant from = coarse.pageStart(old.get(0).page());
            Instant to = from.plus(coarse.page());
            Set<ServiceKey> services = reads.read(
                    "looking for old measurements",
                    connection -> MeasurementReader.services(connection, fine, from, to));
            // In the order of the key, in which a namespace ends with a slash and may come after one that it begins.
            List<ServiceKey> inOrder = services.stream()
                    .sorted(Comparator.comparing(ServiceKey::toString))
                    .toList();
            for (List<ServiceKey> chunk : chunks(inOrder)) {
                gone += rollUp(chunk, fine, coarse, from, to);
            }
        }
        return gone;
    }

    private int rollUp(List<ServiceKey> services, Resolution fine, Resolution coarse, Instant from, Instant to)
            throws StoreException {
        Map<Place, List<Measurement>> pages = reads.read("reading old measurements", connection -> {
            Map<Place, List<Measurement>> made = new LinkedHashMap<>();
            for (ServiceKey service : services) {
                made.put(
                        new Place(coarse, from, service),
                        Measurement.together(MeasurementReader.read(connection, fine, service, from, to), coarse));
            }
            return made;
        });
        Map<Place, byte[]> packed = packed(pages);
        List<Integer> gone = new ArrayList<>();
        write("putting old measurements together", connection -> {
            put(connection, packed);
            // Nobody else is between the first and the last of them.
            try (PreparedStatement statement = connection.prepareStatement("""
                    delete from measurement
                    where resolution = ? and page >= ? and page < ? and service between ? and ?
                    """)) {
                statement.setLong(1, fine.width().toSeconds());
                statement.setLong(2, from.getEpochSecond());
                statement.setLong(3, to.getEpochSecond());
                statement.setString(4, services.get(0).toString());
                statement.setString(5, services.get(services.size() - 1).toString());
                gone.add(statement.executeUpdate());
            }
        });
        return gone.stream().mapToInt(Integer::intValue).sum();
    }

    private int drop(Resolution resolution, Instant before) throws StoreException {
        int gone = 0;
        Instant end = before.minus(resolution.page()).plus(Duration.ofSeconds(1));
        for (List<Place> old = oldest(resolution, end, CHUNK); !old.isEmpty(); old = oldest(resolution, end, CHUNK)) {
            delete(old);
            gone += old.size();
        }
        return gone;
    }

    private int dropBeyond(int most) throws StoreException {
        int excess = reads.read("counting measurements", MeasurementReader::count) - most;
        int gone = 0;
        for (Resolution resolution : List.of(Resolution.QUARTER, Resolution.MINUTE, Resolution.DETAIL)) {
            while (gone < excess) {
                List<Place> oldest = oldest(resolution, Instant.MAX, Math.min(CHUNK, excess - gone));
                if (oldest.isEmpty()) {
                    break;
                }
                delete(oldest);
                gone += oldest.size();
            }
        }
        return gone;
    }

    private List<Place> oldest(Resolution resolution, Instant before, int limit) throws StoreException {
        return reads.read(
                "looking for old measurements",
                connection -> MeasurementReader.oldest(connection, resolution, before, limit));
    }

    private void delete(List<Place> places) throws StoreException {
        write("dropping old measurements", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "delete from measurement where resolution = ? and page = ? and service = ?")) {
                for (Place place : places) {
                    place.bind(statement);
                    statement.executeUpdate();
                }
            }
        });
    }

    private interface Write {
        void perform(Connection connection) throws SQLException;
    }

    private void write(String what, Write write) throws StoreException {
        try {
            Connection connection = single.take();
            try {
                inTransaction(connection, write);
            } finally {
                single.giveBack(connection);
            }
        } catch (SQLException failed) {
            throw SqliteErrors.translate(what, failed);
        }
    }

    private static void inTransaction(Connection connection, Write write) throws SQLException {
        connection.setAutoCommit(false);
        boolean sound = false;
        try {
            write.perform(connection);
            connection.commit();
            sound = true;
        } finally {
            if (!sound) {
                connection.rollback();
            }
            connection.setAutoCommit(true);
        }
    }

    @Override
    public void close() {
        reads.close();
    }
}
