package dev.berth.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.config.ComposeImport;
import dev.berth.config.Document;
import dev.berth.config.DocumentException;
import dev.berth.config.Documents;
import dev.berth.config.EnvImport;
import dev.berth.config.Imported;
import dev.berth.config.ProcfileImport;
import dev.berth.config.Reading;
import dev.berth.config.YamlText;
import dev.berth.launch.EnvFile;
import dev.berth.launch.EnvFileException;
import dev.berth.model.Fault;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** Shows the {@code berth.yaml} that a file of another tool would be; nothing is applied. */
@Singleton
@Path("/import")
@Produces({ReplyWriter.YAML, ReplyWriter.TEXT, ReplyWriter.JSON})
public class ImportResource {
    private static final ObjectMapper YAML = new ObjectMapper(YamlText.factory());

    private final StackCalls stacks;
    private final CurrentCaller caller;

    ImportResource(Backend backend, CurrentCaller caller) {
        this.stacks = new StackCalls(backend);
        this.caller = caller;
    }

    /** What can be read. */
    private enum Format {
        PROCFILE,
        COMPOSE,
        ENV
    }

    /** For programs: the file as a tree. */
    record ImportView(String apiVersion, String kind, ObjectNode file, List<String> warnings) {}

    /** The body is text of any type: nothing is changed by it. */
    @POST
    @Consumes(MediaType.WILDCARD)
    @Operation(summary = "The berth.yaml that a Procfile, a docker-compose file or the ports of a .env make (format)")
    public Response show(@Context UriInfo uri, byte @Nullable [] body) {
        ImportView view = read(uri, body);
        return Response.ok(new YamlReply(view, text(view))).build();
    }

    private ImportView read(UriInfo uri, byte @Nullable [] body) {
        Query query = new Query(uri);
        Optional<Format> format = query.parsed(
                "format", "procfile, compose or env", text -> Format.valueOf(text.toUpperCase(Locale.ROOT)));
        if (query.text("format").isEmpty()) {
            query.fault("format", "procfile, compose or env is wanted", "");
        }
        query.end();
        Imported imported = read(format.orElseThrow(), body == null ? new byte[0] : body);
        List<String> warnings = new ArrayList<>(imported.warnings());
        warnings.addAll(faults(imported.file()));
        return new ImportView(Wire.API_VERSION, "Import", imported.file(), warnings);
    }

    private static Imported read(Format format, byte[] body) {
        try {
            return switch (format) {
                case COMPOSE ->
                    ComposeImport.read(
                            Documents.readOne(body, Documents.Format.YAML).tree());
                case PROCFILE -> ProcfileImport.read(Documents.text(body));
                case ENV -> EnvImport.read(EnvFile.parse(Documents.text(body), "file"));
            };
        } catch (DocumentException unreadable) {
            throw Problems.unreadable(unreadable);
        } catch (EnvFileException unreadable) {
            throw Problems.unreadable(String.valueOf(unreadable.getMessage()));
        }
    }

    /** What Berth would refuse of it as it is. */
    private List<String> faults(ObjectNode file) {
        Reading<StackCalls.Wish> reading = stacks.read(
                new StackCalls.Brought(
                        List.of(new Document(file, java.util.Map.of())), Optional.empty(), Optional.empty(), false),
                caller.get());
        List<Fault> faults = reading instanceof Reading.Refused<StackCalls.Wish> refused ? refused.faults() : List.of();
        return faults.stream()
                .map(each -> "to be corrected: " + Warnings.words(each))
                .toList();
    }

    private static String text(ImportView view) {
        StringBuilder text = new StringBuilder();
        view.warnings()
                .forEach(each ->
                        text.append("# ").append(each.replaceAll("\\R", " ")).append('\n'));
        try {
            return text.append(YAML.writeValueAsString(view.file())).toString();
        } catch (JsonProcessingException defect) {
            throw new IllegalStateException(defect);
        }
    }
}
