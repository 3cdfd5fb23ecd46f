package dev.berth.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.berth.config.Durations;
import dev.berth.config.Settings;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The settings as they are, and where each value came from. */
@Singleton
@Path("/settings")
@Produces({ReplyWriter.JSON, ReplyWriter.YAML, ReplyWriter.TEXT})
public class SettingsResource {
    private final Backend backend;

    SettingsResource(Backend backend) {
        this.backend = backend;
    }

    @GET
    @Operation(summary = "Every setting: a tree whose leaves are value, source and default")
    public Response get(@Context UriInfo uri) {
        new Query(uri).end();
        List<Settings.Effective> all = backend.settings().get().all();
        return Response.ok(new Reply(tree(all), () -> table(all))).build();
    }

    private static ObjectNode tree(List<Settings.Effective> settings) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        for (Settings.Effective each : settings) {
            ObjectNode node = root;
            for (String part : each.setting().key().split("\\.", -1)) {
                node = node.withObjectProperty(part);
            }
            node.set("value", value(each.value()));
            node.put("source", each.source());
            node.set(
                    "default",
                    value(each.setting().parser().apply(each.setting().defaultText())));
        }
        return root;
    }

    private static JsonNode value(Object value) {
        if (value instanceof Boolean flag) {
            return BooleanNode.valueOf(flag);
        } else if (value instanceof Integer number) {
            return IntNode.valueOf(number);
        } else if (value instanceof Duration duration) {
            return TextNode.valueOf(Durations.write(duration));
        } else if (value instanceof Collection<?> items) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            items.forEach(item -> list.add(value(item)));
            return list;
        }
        return TextNode.valueOf(value.toString());
    }

    private static String table(List<Settings.Effective> settings) {
        TextTable table = TextTable.of("SETTING", "VALUE", "DEFAULT", "FROM", "MEANING");
        settings.forEach(each -> table.row(
                each.setting().key(),
                each.text(),
                each.setting().defaultText(),
                each.source(),
                each.setting().meaning()));
        return table.toString();
    }
}
