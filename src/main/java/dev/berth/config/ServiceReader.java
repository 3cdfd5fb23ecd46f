package dev.berth.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads a service written as a bare spec, or as a whole object with {@code kind} and {@code metadata}. What only Berth sets
 * ({@code status}, {@code generation}, times, owner) may stand in a whole object, so that what was read can be sent back.
 */
public final class ServiceReader {
    /** Of every object of Berth's. */
    public static final String API_VERSION = "berth.dev/v1";

    /** Of a whole service. */
    public static final String KIND = "Service";

    /** Taken in a whole object and left aside, so that what was read can be sent back. */
    static final List<String> SET_BY_BERTH =
            List.of("owner", "finalizers", "generation", "creationTimestamp", "deletionTimestamp");

    private final SpecReader specs;

    public ServiceReader(SpecRules rules) {
        this.specs = new SpecReader(rules);
    }

    /** Reads the service that is called so by its address; a whole object must say the same name and namespace, or none. */
    public Reading<DeclaredService> read(JsonNode tree, ServiceKey key) {
        Faults faults = new Faults();
        DeclaredService service = tree.has("kind")
                ? whole(tree, "", key.namespace(), Optional.of(key), faults)
                : bare(tree, "", key, faults);
        return faults.isEmpty() ? new Reading.Valid<>(service, faults.warnings()) : faults.refused();
    }

    DeclaredService bare(JsonNode tree, String path, ServiceKey key, Faults faults) {
        DeclarationLength.check(tree, path, faults);
        SpecReader.Wanted wanted = specs.read(tree, path, key.name(), true, faults);
        return new DeclaredService(
                key, wanted.spec(), wanted.labels(), wanted.annotations(), OptionalLong.empty(), Optional.empty());
    }

    /** @param key what the object must be called; empty when it says so itself */
    DeclaredService whole(JsonNode tree, String path, String namespace, Optional<ServiceKey> key, Faults faults) {
        DeclarationLength.check(tree, path, faults);
        Fields fields = Fields.of(tree, path, "a service", faults);
        fields.word("apiVersion", List.of(API_VERSION), "apiVersion");
        fields.word("kind", List.of(KIND), "kind");
        fields.take("status");
        Optional<Fields.Given> metadata = fields.take("metadata");
        Fields named = Fields.of(
                metadata.map(Fields.Given::node).orElse(JsonNodeFactory.instance.objectNode()),
                metadata.map(Fields.Given::path).orElse(Document.member(path, "metadata")),
                "metadata",
                faults);
        ServiceKey own = key(named, Document.member(path, "metadata"), namespace, key);
        Map<String, String> labels = LabelRules.labels(named);
        Map<String, String> annotations = LabelRules.annotations(named);
        OptionalLong version = named.take("resourceVersion")
                .map(given -> version(named, given))
                .orElse(OptionalLong.empty());
        Optional<String> uid = named.text("uid", SpecLimits.PATTERN_LENGTH);
        SET_BY_BERTH.forEach(named::take);
        named.end();
        Optional<Fields.Given> spec = fields.take("spec");
        if (spec.isEmpty()) {
            faults.add(Document.member(path, "spec"), "a service with \"kind\" needs its \"spec\"", "");
        }
        ServiceSpec wanted = spec.map(given -> specs.read(given.node(), given.path(), own.name(), false, faults)
                        .spec())
                .orElseGet(() -> ServiceSpec.builder().build());
        fields.end();
        return new DeclaredService(own, wanted, labels, annotations, version, uid);
    }

    private static ServiceKey key(Fields metadata, String path, String namespace, Optional<ServiceKey> wanted) {
        Optional<String> name = label(metadata, "name", wanted.map(ServiceKey::name));
        Optional<String> space = label(metadata, "namespace", wanted.map(ServiceKey::namespace));
        if (wanted.isPresent()) {
            return wanted.get();
        }
        if (name.isEmpty() && !metadata.has("name")) {
            metadata.faults().add(Document.member(path, "name"), "a service needs a name: " + LabelRules.NAME, "");
        }
        // Without a name there is a fault, and the key is never used.
        return new ServiceKey(space.orElse(namespace), name.orElse("unnamed"));
    }

    /** A name that must be the same as the one in the address, where there is one. */
    private static Optional<String> label(Fields metadata, String field, Optional<String> wanted) {
        return metadata.take(field).flatMap(given -> {
            String text = given.node().isTextual() ? given.node().textValue() : Texts.given(given.node());
            if (!LabelRules.isName(metadata.faults(), given.path(), text)) {
                return Optional.empty();
            }
            if (wanted.isPresent() && !wanted.get().equals(text)) {
                metadata.faults()
                        .add(
                                given.path(),
                                "the address says \"" + wanted.get() + "\"; say the same, or leave it out",
                                text);
            }
            return Optional.of(text);
        });
    }

    private static OptionalLong version(Fields metadata, Fields.Given given) {
        String text = given.node().asText();
        if (text.matches("[0-9]{1,18}")) {
            return OptionalLong.of(Long.parseLong(text));
        }
        metadata.faults().add(given.path(), "a version as it was read is wanted, or none", given.node());
        return OptionalLong.empty();
    }
}
