package dev.berth.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.model.Fault;
import dev.berth.model.PortKey;
import dev.berth.model.ReservationRequest;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads a whole {@code berth.yaml}: a document with {@code services}, or objects with {@code kind}, or several of either in
 * one stream. Every fault is told at once, each with line and column.
 */
public final class StackReader {
    private final ServiceReader reader;
    private final Set<String> strategies;
    private final String namespace;
    private final Function<ServiceKey, Optional<ServiceSpec>> existing;

    private final Map<ServiceKey, Placed> services = new LinkedHashMap<>();
    private final List<ReservationRequest> reservations = new ArrayList<>();
    private final Map<String, PortKey> reservedAt = new LinkedHashMap<>();
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<Fault> refusals = new ArrayList<>();
    private final List<Fault> warnings = new ArrayList<>();
    private Optional<String> stack = Optional.empty();
    /** Or else a dependency may well be on one whose name can't be told. */
    private boolean namesEveryService = true;

    /** A service, and where its spec stands. */
    private record Placed(DeclaredService service, String spec, Document document) {}

    private StackReader(SpecRules rules, String namespace, Function<ServiceKey, Optional<ServiceSpec>> existing) {
        this.reader = new ServiceReader(rules);
        this.strategies = rules.strategies();
        this.namespace = namespace;
        this.existing = existing;
    }

    /**
     * Reads every document of the file.
     *
     * @param namespace of services that name none
     * @param existing a service that the file does not declare and that is there already, so that it may be depended on
     */
    public static Reading<StackFile> read(
            List<Document> documents,
            SpecRules rules,
            String namespace,
            Function<ServiceKey, Optional<ServiceSpec>> existing) {
        StackReader file = new StackReader(rules, namespace, existing);
        documents.forEach(file::document);
        // Only with every document read is it known what the file declares.
        if (file.namesEveryService) {
            file.services.values().forEach(file::dependencies);
            file.circles();
        }
        List<DeclaredService> all =
                file.services.values().stream().map(Placed::service).toList();
        return file.refusals.isEmpty()
                ? new Reading.Valid<>(new StackFile(file.stack, all, file.reservations, file.settings), file.warnings)
                : new Reading.Refused<>(file.refusals);
    }

    private void document(Document document) {
        Faults faults = new Faults();
        JsonNode tree = document.tree();
        switch (tree.path("kind").asText("")) {
            case "" -> stack(document, faults);
            case "ServiceList" -> list(document, faults);
            default -> {
                put(reader.whole(tree, "", namespace, Optional.empty(), faults), "spec", "", document, faults);
                namesEveryService &= faults.isEmpty();
            }
        }
        close(document, faults);
    }

    private void stack(Document document, Faults faults) {
        Fields fields = Fields.of(document.tree(), "", "a berth.yaml", faults);
        fields.word("apiVersion", List.of(ServiceReader.API_VERSION), "apiVersion");
        fields.take("stack").ifPresent(given -> {
            String name = given.node().isTextual() ? given.node().textValue() : Texts.given(given.node());
            if (stack.isPresent()) {
                faults.add(given.path(), "the file is called \"" + stack.get() + "\" already", given.node());
            } else if (LabelRules.isName(faults, given.path(), name)) {
                stack = Optional.of(name);
            }
        });
        fields.take("services").ifPresent(given -> services(fields, given, document));
        for (Fields.Given given : fields.list("reservations", SpecLimits.RESERVATIONS)) {
            reservation(given, faults);
        }
        settings.putAll(SettingsReader.read(fields, strategies));
        namesEveryService &= document.tree().isObject() && fields.areAllKnown();
        fields.end();
    }

    private void reservation(Fields.Given given, Faults faults) {
        ReservationRequest request = ReservationReader.request(given.node(), given.path(), faults);
        if (request.pid().isPresent()) {
            faults.add(Document.member(given.path(), "pid"), "a process of one moment has no place in a file", "");
        }
        if (request.port().isPresent()) {
            PortKey port = new PortKey(request.protocol(), request.port().getAsInt());
            reservedAt.forEach((path, other) -> {
                if (other.equals(port)) {
                    faults.add(given.path(), "port " + port + " is reserved already, by " + path, given.node());
                }
            });
            reservedAt.put(given.path(), port);
        }
        reservations.add(request);
    }

    private void services(Fields fields, Fields.Given given, Document document) {
        List<Map.Entry<String, Fields.Given>> entries = fields.entries(given, SpecLimits.SERVICES);
        namesEveryService &=
                given.node().isObject() && entries.size() == given.node().size();
        for (Map.Entry<String, Fields.Given> entry : entries) {
            String path = entry.getValue().path();
            key(entry.getKey(), path, fields.faults())
                    .ifPresent(key -> put(
                            reader.bare(entry.getValue().node(), path, key, fields.faults()),
                            path,
                            path,
                            document,
                            fields.faults()));
        }
    }

    /** {@code name} or {@code namespace/name}. */
    private Optional<ServiceKey> key(String text, String path, Faults faults) {
        int slash = text.indexOf('/');
        String space = slash < 0 ? namespace : text.substring(0, slash);
        String name = text.substring(slash + 1);
        if (LabelRules.isName(faults, path, space) && LabelRules.isName(faults, path, name)) {
            return Optional.of(new ServiceKey(space, name));
        }
        namesEveryService = false;
        return Optional.empty();
    }

    private void list(Document document, Faults faults) {
        Fields fields = Fields.of(document.tree(), "", "a list of services", faults);
        fields.word("apiVersion", List.of(ServiceReader.API_VERSION), "apiVersion");
        fields.take("kind");
        fields.take("metadata");
        for (Fields.Given given : fields.list("items", SpecLimits.SERVICES)) {
            DeclaredService service = reader.whole(given.node(), given.path(), namespace, Optional.empty(), faults);
            put(service, Document.member(given.path(), "spec"), given.path(), document, faults);
        }
        fields.end();
        namesEveryService &= faults.isEmpty();
    }

    private void put(DeclaredService service, String spec, String path, Document document, Faults faults) {
        Placed before = services.putIfAbsent(service.key(), new Placed(service, spec, document));
        if (before != null && faults.isEmpty()) {
            String where = before.document()
                    .locate(before.spec())
                    .map(place -> ", at " + place)
                    .orElse("");
            faults.add(
                    path, "the service is declared twice" + where, service.key().name());
        }
    }

    private void dependencies(Placed placed) {
        String list = Document.member(placed.spec(), "dependsOn");
        if (refusals.stream().anyMatch(fault -> fault.field().startsWith(list))) {
            // Of a list with faults only a part was read, and its places are others.
            return;
        }
        Faults faults = new Faults();
        DeclaredService service = placed.service();
        for (int i = 0; i < service.spec().dependsOn().size(); i++) {
            String name = service.spec().dependsOn().get(i).service();
            ServiceKey key = new ServiceKey(service.key().namespace(), name);
            String path = Document.element(list, i);
            if (!services.containsKey(key) && existing.apply(key).isEmpty()) {
                List<String> names =
                        services.keySet().stream().map(ServiceKey::name).toList();
                faults.add(path, "there is no such service" + Texts.didYouMean(name, names), name);
            }
        }
        close(placed.document(), faults);
    }

    private void circles() {
        Map<ServiceKey, ServiceSpec> declared = new LinkedHashMap<>();
        services.forEach((key, placed) -> declared.put(key, placed.service().spec()));
        for (List<ServiceKey> circle : new DependencyGraph(declared, existing).circles()) {
            Placed placed = Objects.requireNonNull(services.get(circle.get(0)));
            Faults faults = new Faults();
            faults.add(
                    Document.member(placed.spec(), "dependsOn"),
                    DependencyGraph.words(circle),
                    circle.get(1).name());
            close(placed.document(), faults);
        }
    }

    private void close(Document document, Faults faults) {
        if (!faults.isEmpty()) {
            refusals.addAll(document.locate(((Reading.Refused<?>) faults.refused()).faults()));
        }
        warnings.addAll(document.locate(faults.warnings()));
    }
}
