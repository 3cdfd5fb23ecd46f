package dev.berth.store.sqlite;

import dev.berth.model.Measurement;
import dev.berth.model.Resolution;
import dev.berth.model.ServiceKey;
import dev.berth.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Questions to the measurements. */
final class MeasurementReader {
    private MeasurementReader() {}

    /** Where a page lies. */
    record Place(Resolution resolution, Instant page, ServiceKey service) {
        void bind(PreparedStatement statement) throws SQLException {
            statement.setLong(1, resolution.width().toSeconds());
            statement.setLong(2, page.getEpochSecond());
            statement.setString(3, service.toString());
        }
    }

    /** Empty when there is no such page. */
    static List<Measurement> page(Connection connection, Place place) throws SQLException, StoreException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select points from measurement where resolution = ? and page = ? and service = ?")) {
            place.bind(statement);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? MeasurementCodec.read(rows.getBytes(1), place.resolution()) : List.of();
            }
        }
    }

    /**
     * All of one service's pages that begin in a span. The key begins with the time: so its pages are found one by one, and those
     * of other services are never read.
     */
    static List<Measurement> read(
            Connection connection, Resolution resolution, ServiceKey service, Instant from, Instant to)
            throws SQLException, StoreException {
        List<Measurement> found = new ArrayList<>();
        for (Instant page : pages(connection, resolution, from, to)) {
            found.addAll(page(connection, new Place(resolution, page, service)));
        }
        return found;
    }

    /** Those that there are of anybody, each found by a step in the index. */
    private static List<Instant> pages(Connection connection, Resolution resolution, Instant from, Instant to)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                with recursive pages(page) as (
                    select min(page) from measurement where resolution = ?1 and page >= ?2
                    union all
                    select (select min(page) from measurement where resolution = ?1 and page > pages.page)
                    from pages where page < ?3)
                select page from pages where page < ?3
                """)) {
            bind(statement, resolution, from, to);
            List<Instant> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(Instant.ofEpochSecond(rows.getLong(1)));
                }
            }
            return found;
        }
    }

    /** Whose pages begin in a span. */
    static Set<ServiceKey> services(Connection connection, Resolution resolution, Instant from, Instant to)
            throws SQLException, StoreException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select distinct service from measurement where resolution = ? and page >= ? and page < ?")) {
            bind(statement, resolution, from, to);
            Set<ServiceKey> found = new TreeSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(service(rows));
                }
            }
            return found;
        }
    }

    /** @param to not included; what begins within its second is, when it is no whole one */
    private static void bind(PreparedStatement statement, Resolution resolution, Instant from, Instant to)
            throws SQLException {
        statement.setLong(1, resolution.width().toSeconds());
        statement.setLong(2, from.getEpochSecond());
        statement.setLong(3, to.getEpochSecond() + (to.getNano() > 0 ? 1 : 0));
    }

    /** The oldest pages that begin before a moment. */
    static List<Place> oldest(Connection connection, Resolution resolution, Instant before, int limit)
            throws SQLException, StoreException {
        try (PreparedStatement statement = connection.prepareStatement("""
                select page, service from measurement
                where resolution = ? and page < ? order by page, service limit ?
                """)) {
            statement.setLong(1, resolution.width().toSeconds());
            statement.setLong(2, before.getEpochSecond());
            statement.setInt(3, limit);
            List<Place> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(new Place(resolution, Instant.ofEpochSecond(rows.getLong("page")), service(rows)));
                }
            }
            return found;
        }
    }

    static int count(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select count(*) from measurement");
                ResultSet row = statement.executeQuery()) {
            return row.getInt(1);
        }
    }

    private static ServiceKey service(ResultSet rows) throws SQLException, StoreException {
        String text = rows.getString("service");
        try {
            return ServiceKey.parse(text);
        } catch (IllegalArgumentException garbled) {
            throw new StoreException(StoreException.Cause.CORRUPT, "\"" + text + "\" is no service's name", garbled);
        }
    }
}
