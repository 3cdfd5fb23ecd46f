package dev.berth.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.config.Document;
import dev.berth.config.SettingEffect;
import dev.berth.config.Settings;
import dev.berth.config.SettingsReader;
import dev.berth.config.StackWriter;
import dev.berth.model.Fault;
import dev.berth.store.StaleVersionException;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** The settings as they are, where each value came from, and changes that hold at once. */
@Singleton
@Path("/settings")
@Produces({ReplyWriter.JSON, ReplyWriter.YAML, ReplyWriter.TEXT})
public class SettingsResource {
    private final Backend backend;

    /** Somebody who changes settings more often at the same time than this is a loop. */
    private static final int TRIES = 16;

    private static final int CONFLICT = 409;

    private final CurrentCaller caller;

    SettingsResource(Backend backend, CurrentCaller caller) {
        this.backend = backend;
        this.caller = caller;
    }

    @GET
    @Operation(summary = "Every setting: a tree whose leaves are value, source and default")
    public Response get(@Context UriInfo uri) {
        new Query(uri).end();
        return Response.ok(shown()).build();
    }

    @PATCH
    @Consumes({Bodies.JSON, Bodies.MERGE_PATCH, Bodies.YAML, Bodies.X_YAML, Bodies.TEXT_YAML})
    @Operation(summary = "Change settings: a merge patch of plain values, as a tree or with dotted keys (dryRun)")
    public Response patch(@Context UriInfo uri, @Context HttpHeaders headers, byte @Nullable [] body) {
        return change(uri, headers, body, SettingEffect::ofRest);
    }

    @PUT
    @Consumes({Bodies.JSON, Bodies.YAML, Bodies.X_YAML, Bodies.TEXT_YAML})
    @Operation(summary = "Set these settings, and put all others back that were set through REST (dryRun)")
    public Response put(@Context UriInfo uri, @Context HttpHeaders headers, byte @Nullable [] body) {
        return change(uri, headers, body, SettingEffect::ofRestAlone);
    }

    private Response change(
            UriInfo uri,
            HttpHeaders headers,
            byte @Nullable [] body,
            BiFunction<Map<String, Optional<String>>, Settings, List<SettingEffect>> judge) {
        Query query = new Query(uri);
        boolean dryRun = query.dryRun();
        query.end();
        backend.permissions().requireAdministrator(caller.get(), "the settings");
        Document document = Bodies.one(body, headers);
        Map<String, Optional<String>> wanted = Bodies.valid(
                        SettingsReader.patch(document.tree(), backend.strategies()), document, "the settings")
                .value();
        if (dryRun) {
            List<SettingEffect> effects = permitted(wanted, judge, document);
            return Response.ok(PlanView.reply(SettingWords.steps(effects, Optional.empty()), List.of()))
                    .build();
        }
        Stored.<Boolean>answer(() -> {
            for (int attempt = 1; ; attempt++) {
                try {
                    List<SettingEffect> effects = permitted(wanted, judge, document);
                    backend.control().settings().commit(SettingWords.ofRest(effects), caller.get());
                    return true;
                } catch (StaleVersionException overtaken) {
                    if (attempt == TRIES) {
                        throw overtaken;
                    }
                }
            }
        });
        return Response.ok(shown()).build();
    }

    /** The effects as the settings are now; what could have none is refused, because its author would wait for it. */
    private List<SettingEffect> permitted(
            Map<String, Optional<String>> wanted,
            BiFunction<Map<String, Optional<String>>, Settings, List<SettingEffect>> judge,
            Document document) {
        List<SettingEffect> effects = judge.apply(wanted, backend.settings().get());
        List<Fault> faults = effects.stream()
                .filter(SettingEffect::isOverruled)
                .map(effect -> new Fault(
                        effect.setting().key(),
                        "it is \"" + effect.after().shown() + "\" from "
                                + effect.after().source()
                                + ", which wins over REST; change it there and start Berth again, or leave this out",
                        effect.value().map(effect.setting()::shown).orElse("")))
                .toList();
        if (!faults.isEmpty()) {
            throw Problems.problem(
                            CONFLICT,
                            (faults.size() == 1 ? "one setting was" : faults.size() + " settings were")
                                    + " decided when Berth was started; nothing was changed")
                    .with(Problems.ERRORS, document.locate(faults))
                    .build();
        }
        // What is forced to this very value is as wanted, and needs no word of REST's.
        return effects.stream()
                .filter(effect ->
                        effect.value().isEmpty() || !effect.after().layer().isForced())
                .toList();
    }

    private Reply shown() {
        List<Settings.Effective> all = backend.settings().get().all();
        return new Reply(tree(all), () -> table(all));
    }

    private static ObjectNode tree(List<Settings.Effective> settings) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        for (Settings.Effective each : settings) {
            ObjectNode node = root;
            for (String part : each.setting().key().split("\\.", -1)) {
                node = node.withObjectProperty(part);
            }
            node.set("value", StackWriter.value(each.value(), each.text()));
            node.put("source", each.source());
            String text = each.setting().defaultText();
            node.set("default", StackWriter.value(each.setting().parser().apply(text), text));
        }
        return root;
    }

    private static String table(List<Settings.Effective> settings) {
        TextTable table = TextTable.of("SETTING", "VALUE", "DEFAULT", "FROM", "MEANING");
        settings.forEach(each -> table.row(
                each.setting().key(),
                each.shown(),
                each.setting().defaultText(),
                each.source(),
                each.setting().meaning()));
        return table.toString();
    }
}
