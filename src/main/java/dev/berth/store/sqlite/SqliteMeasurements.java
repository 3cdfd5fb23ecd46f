package dev.berth.store.sqlite;

import dev.berth.model.Measurement;
import dev.berth.model.Resolution;
import dev.berth.model.ServiceKey;
import dev.berth.store.MeasurementStore;
import dev.berth.store.StoreException;
import io.agroal.api.AgroalDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Measurements on SQLite, in pages. Written through the one connection that everything is written through, which is taken for a
 * bounded number of rows at a time: a change of a service waits for one such transaction at most.
 */
final class SqliteMeasurements implements MeasurementStore {
    /** Rows of one transaction: a few milliseconds. */
    private static final int CHUNK = 200;

    private final ReadConnections reads;
    private final AgroalDataSource pool;

    /** @param pool of the one connection that writes */
    SqliteMeasurements(ReadConnections reads, AgroalDataSource pool) {
        this.reads = reads;
        this.pool = pool;
    }

    /** Where a page lies. */
    private record Place(Resolution resolution, Instant page, ServiceKey service) {}

    @Override
    public void add(Map<ServiceKey, List<Measurement>> measured) throws StoreException {
        Map<Place, List<Measurement>> pages = new LinkedHashMap<>();
        measured.forEach((service, points) -> points.forEach(point -> pages.computeIfAbsent(
                        new Place(Resolution.DETAIL, Resolution.DETAIL.pageStart(point.start()), service),
                        place -> new ArrayList<>())
                .add(point)));
        List<Map.Entry<Place, List<Measurement>>> all = List.copyOf(pages.entrySet());
        for (int from = 0; from < all.size(); from += CHUNK) {
            List<Map.Entry<Place, List<Measurement>>> chunk = all.subList(from, Math.min(all.size(), from + CHUNK));
            write("writing measurements", connection -> {
                for (Map.Entry<Place, List<Measurement>> page : chunk) {
                    put(connection, page.getKey(), page.getValue());
                }
            });
        }
    }

    /** Puts the points into their page, together with what is there. */
    private static void put(Connection connection, Place place, List<Measurement> points)
            throws SQLException, StoreException {
        List<Measurement> all = new ArrayList<>(page(connection, place));
        all.addAll(points);
        try (PreparedStatement statement = connection.prepareStatement(
                "insert or replace into measurement (resolution, page, service, points) values (?, ?, ?, ?)")) {
            bind(statement, place);
            statement.setBytes(4, MeasurementCodec.write(Measurement.together(all, place.resolution())));
            statement.executeUpdate();
        }
    }

    private static List<Measurement> page(Connection connection, Place place) throws SQLException, StoreException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select points from measurement where resolution = ? and page = ? and service = ?")) {
            bind(statement, place);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? MeasurementCodec.read(rows.getBytes(1), place.resolution()) : List.of();
            }
        }
    }

    private static void bind(PreparedStatement statement, Place place) throws SQLException {
        statement.setLong(1, place.resolution().width().toSeconds());
        statement.setLong(2, place.page().getEpochSecond());
        statement.setString(3, place.service().toString());
    }

    @Override
    public List<Measurement> read(ServiceKey service, Instant since, Instant until) throws StoreException {
        return reads.read("reading measurements", connection -> {
            List<Measurement> found = new ArrayList<>();
            for (Resolution resolution : Resolution.values()) {
                // The key begins with the time: the pages are found one by one, and those of other services are never
                // read.
                for (Instant page : pages(connection, resolution, since, until)) {
                    found.addAll(page(connection, new Place(resolution, page, service)));
                }
            }
            found.removeIf(each -> !each.end().isAfter(since) || !each.start().isBefore(until));
            found.sort(Comparator.comparing(Measurement::start));
            return found;
        });
    }

    /** Those that there are of anybody, each found by a step in the index. */
    private static List<Instant> pages(Connection connection, Resolution resolution, Instant since, Instant until)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                with recursive pages(page) as (
                    select min(page) from measurement where resolution = ?1 and page >= ?2
                    union all
                    select (select min(page) from measurement where resolution = ?1 and page > pages.page)
                    from pages where page is not null)
                select page from pages where page < ?3
                """)) {
            statement.setLong(1, resolution.width().toSeconds());
            statement.setLong(2, resolution.pageStart(since).getEpochSecond());
            statement.setLong(3, until.getEpochSecond() + 1);
            List<Instant> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(Instant.ofEpochSecond(rows.getLong(1)));
                }
            }
            return found;
        }
    }

    @Override
    public Set<ServiceKey> services(Instant since, Instant until) throws StoreException {
        return reads.read("reading measurements", connection -> {
            Set<ServiceKey> found = new TreeSet<>();
            for (Resolution resolution : Resolution.values()) {
                try (PreparedStatement statement = connection.prepareStatement("""
                        select distinct service from measurement
                        where resolution = ? and page >= ? and page < ?
                        """)) {
                    statement.setLong(1, resolution.width().toSeconds());
                    statement.setLong(2, resolution.pageStart(since).getEpochSecond());
                    statement.setLong(3, until.getEpochSecond() + 1);
                    try (ResultSet rows = statement.executeQuery()) {
                        while (rows.next()) {
                            found.add(service(rows));
                        }
                    }
                }
            }
            return found;
        });
    }

    private static ServiceKey service(ResultSet rows) throws SQLException, StoreException {
        String text = rows.getString("service");
        try {
            return ServiceKey.parse(text);
        } catch (IllegalArgumentException garbled) {
            throw new StoreException(StoreException.Cause.CORRUPT, "\"" + text + "\" is no service's name", garbled);
        }
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
        List<Place> old = places(fine, end, CHUNK);
        while (!old.isEmpty()) {
            Instant page = coarse.pageStart(old.get(0).page());
            Instant next = page.plus(coarse.page());
            for (ServiceKey service : servicesOf(fine, page, next)) {
                gone += rollUp(service, fine, coarse, page, next);
            }
            old = places(fine, end, CHUNK);
        }
        return gone;
    }

    private int rollUp(ServiceKey service, Resolution fine, Resolution coarse, Instant from, Instant to)
            throws StoreException {
        List<Measurement> points = reads.read("reading old measurements", connection -> {
            List<Measurement> found = new ArrayList<>();
            for (Instant page : pages(connection, fine, from, to)) {
                found.addAll(page(connection, new Place(fine, page, service)));
            }
            return found;
        });
        List<Integer> gone = new ArrayList<>();
        write("putting old measurements together", connection -> {
            put(
                    connection,
                    new Place(coarse, from, service),
                    Measurement.together(
                            points.stream()
                                    .filter(each -> each.start().isBefore(to))
                                    .toList(),
                            coarse));
            try (PreparedStatement statement = connection.prepareStatement(
                    "delete from measurement where resolution = ? and page >= ? and page < ? and service = ?")) {
                statement.setLong(1, fine.width().toSeconds());
                statement.setLong(2, from.getEpochSecond());
                statement.setLong(3, to.getEpochSecond());
                statement.setString(4, service.toString());
                gone.add(statement.executeUpdate());
            }
        });
        return gone.stream().mapToInt(Integer::intValue).sum();
    }

    private Set<ServiceKey> servicesOf(Resolution resolution, Instant from, Instant to) throws StoreException {
        return reads.read("reading old measurements", connection -> {
            Set<ServiceKey> found = new TreeSet<>();
            try (PreparedStatement statement = connection.prepareStatement(
                    "select distinct service from measurement where resolution = ? and page >= ? and page < ?")) {
                statement.setLong(1, resolution.width().toSeconds());
                statement.setLong(2, from.getEpochSecond());
                statement.setLong(3, to.getEpochSecond());
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        found.add(service(rows));
                    }
                }
            }
            return found;
        });
    }

    private int drop(Resolution resolution, Instant before) throws StoreException {
        int gone = 0;
        Instant end = before.minus(resolution.page()).plus(Duration.ofSeconds(1));
        for (List<Place> old = places(resolution, end, CHUNK); !old.isEmpty(); old = places(resolution, end, CHUNK)) {
            delete(old);
            gone += old.size();
        }
        return gone;
    }

    private int dropBeyond(int most) throws StoreException {
        int excess = reads.read("counting measurements", connection -> {
            try (PreparedStatement statement = connection.prepareStatement("select count(*) from measurement");
                    ResultSet row = statement.executeQuery()) {
                return row.getInt(1) - most;
            }
        });
        int gone = 0;
        for (Resolution resolution : List.of(Resolution.QUARTER, Resolution.MINUTE, Resolution.DETAIL)) {
            while (gone < excess) {
                List<Place> oldest = places(resolution, Instant.MAX, Math.min(CHUNK, excess - gone));
                if (oldest.isEmpty()) {
                    break;
                }
                delete(oldest);
                gone += oldest.size();
            }
        }
        return gone;
    }

    private void delete(List<Place> places) throws StoreException {
        write("dropping old measurements", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "delete from measurement where resolution = ? and page = ? and service = ?")) {
                for (Place place : places) {
                    bind(statement, place);
                    statement.executeUpdate();
                }
            }
        });
    }

    /** The oldest that begin before a moment. */
    private List<Place> places(Resolution resolution, Instant before, int limit) throws StoreException {
        return reads.read("looking for old measurements", connection -> {
            List<Place> found = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement("""
                    select page, service from measurement
                    where resolution = ? and page < ? order by page, service limit ?
                    """)) {
                statement.setLong(1, resolution.width().toSeconds());
                statement.setLong(2, before.getEpochSecond());
                statement.setInt(3, limit);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        found.add(new Place(resolution, Instant.ofEpochSecond(rows.getLong("page")), service(rows)));
                    }
                }
            }
            return found;
        });
    }

    private interface Write {
        void perform(Connection connection) throws SQLException, StoreException;
    }

    private void write(String what, Write write) throws StoreException {
        try (Connection connection = pool.getConnection()) {
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
        } catch (SQLException failed) {
            throw SqliteErrors.translate(what, failed);
        }
    }

    @Override
    public void close() {
        reads.close();
    }
}
