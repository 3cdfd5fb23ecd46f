package dev.berth.store.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A query that gains a condition for each criterion that is given. Values are always parameters. */
final class Filter {
    private final StringBuilder sql;
    private final List<Object> values = new ArrayList<>();

    /** @param select ends with a where clause */
    Filter(String select) {
        sql = new StringBuilder(select);
    }

    Filter and(String condition, Optional<?> value) {
        if (value.isPresent()) {
            sql.append(" and ").append(condition);
            values.add(value.get());
        }
        return this;
    }

    PreparedStatement prepare(Connection connection, String order, int limit) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql + " " + order + " limit ?");
        int index = 1;
        for (Object value : values) {
            statement.setObject(index++, value);
        }
        statement.setInt(index, limit);
        return statement;
    }
}
