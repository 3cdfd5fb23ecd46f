package dev.berth.config;

import dev.berth.model.Dependency;
import dev.berth.model.ServiceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code dependsOn}: names, or {@code {service, condition}}; a name alone waits until that service is healthy. */
final class DependencyReader {
    private DependencyReader() {}

    static List<Dependency> read(Fields fields, String name) {
        List<Dependency> dependencies = new ArrayList<>();
        for (Fields.Given given : fields.list("dependsOn", SpecLimits.DEPENDENCIES)) {
            dependency(fields, given)
                    .filter(each -> fits(fields, given, each, name, dependencies))
                    .ifPresent(dependencies::add);
        }
        return dependencies;
    }

    private static Optional<Dependency> dependency(Fields fields, Fields.Given given) {
        if (given.node().isTextual()) {
            return Optional.of(new Dependency(given.node().textValue(), Dependency.Until.HEALTHY));
        }
        if (!given.node().isObject()) {
            fields.faults().add(given.path(), "the name of a service is wanted, or {service, condition}", given.node());
            return Optional.empty();
        }
        Fields parts = Fields.of(given.node(), given.path(), "a dependency", fields.faults());
        Optional<Fields.Given> service = parts.take("service");
        Optional<String> condition = parts.word("condition", List.of("started", "healthy"), "a condition");
        parts.end();
        if (service.isEmpty()) {
            fields.faults().add(Document.member(given.path(), "service"), "the name of a service is wanted", "");
            return Optional.empty();
        }
        Dependency.Until until = condition
                .filter("started"::equals)
                .map(word -> Dependency.Until.STARTED)
                .orElse(Dependency.Until.HEALTHY);
        return Optional.of(new Dependency(service.get().node().asText(), until));
    }

    private static boolean fits(
            Fields fields, Fields.Given given, Dependency dependency, String name, List<Dependency> before) {
        String service = dependency.service();
        if (!ServiceKey.isLabel(service)) {
            fields.faults().add(given.path(), "the name of a service is " + LabelRules.NAME, service);
        } else if (service.equals(name)) {
            fields.faults().add(given.path(), "a service can't depend on itself", service);
        } else if (before.stream().anyMatch(each -> each.service().equals(service))) {
            fields.faults().add(given.path(), "each service once; this one is there already", service);
        } else {
            return true;
        }
        return false;
    }
}
