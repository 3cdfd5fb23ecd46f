package dev.berth.api;

import dev.berth.control.UsageMonitor;
import dev.berth.model.Caller;
import dev.berth.model.Instances;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A part of the services of a namespace, by name, so that a list can be continued whatever changes meanwhile. */
final class ServiceList {
    /** Namespaces that are named to who looked into another one: a line's worth. */
    private static final int NAMED = 5;

    private ServiceList() {}

    static Reply of(Backend backend, String namespace, Query query, Caller caller) {
        Optional<LabelSelector> selector = query.parsed("labelSelector", LabelSelector.ALLOWED, LabelSelector::parse);
        int limit = (int) query.number("limit", 1, Query.MOST).orElse(Query.MOST);
        Optional<String> after =
                query.parsed("continue", "what a list gave under metadata.continue", ServiceList::name);
        boolean withUsage = query.flag("usage");
        query.end();
        Predicate<Map<String, String>> labels =
                labelled -> selector.map(each -> each.test(labelled)).orElse(true);
        long version = backend.registry().resourceVersion();
        List<Service> replicas = backend.registry().services().stream()
                .filter(each -> each.key().isReplica())
                .toList();
        List<Service> all = backend.registry().services().stream()
                .filter(each -> each.metadata().namespace().equals(namespace)
                        && !each.key().isReplica())
                .filter(each -> labels.test(each.metadata().labels()))
                .filter(each -> after.map(name -> each.metadata().name().compareTo(name) > 0)
                        .orElse(true))
                .sorted(Comparator.comparing(Service::key))
                .toList();
        List<Instances> page = all.stream()
                .limit(limit)
                .map(each -> Instances.of(each, replicas))
                .toList();
        Optional<String> next = all.size() > limit
                ? Optional.of(token(page.get(page.size() - 1).first().metadata().name()))
                : Optional.empty();
        UsageMonitor measured = backend.control().usage();
        if (withUsage) {
            measured.refresh();
        }
        Predicate<Service> full = backend.permissions().readableBy(caller);
        List<ServiceView> items = page.stream()
                .map(each -> ServiceView.of(
                        each, withUsage ? measured.latest(each.first()) : Optional.empty(), full.test(each.first())))
                .toList();
        return new Reply(
                ListView.of("ServiceList", items, Optional.of(version), next),
                () -> page.isEmpty()
                        ? nothing(namespace, backend.registry().services())
                        : (withUsage ? ServiceView.table(page, measured::latest, full) : ServiceView.table(page, full))
                                + next.map(ListView::more).orElse(""));
    }

    /** Where to look instead: who forgets the namespace must not take an empty list for an empty machine. */
    private static String nothing(String namespace, List<Service> declared) {
        Map<String, Long> numbers = declared.stream()
                .filter(each -> !each.key().isReplica())
                .collect(Collectors.groupingBy(
                        each -> each.metadata().namespace(), TreeMap::new, Collectors.counting()));
        if (numbers.containsKey(namespace)) {
            return "No service of the namespace " + namespace + " is one of those that were asked for.\n";
        }
        String elsewhere = numbers.entrySet().stream()
                .limit(NAMED)
                .map(each -> each.getKey() + " (" + each.getValue() + ")")
                .collect(Collectors.joining(", "));
        return "No services are declared in the namespace " + namespace
                + (elsewhere.isEmpty()
                        ? ".\n"
                        : "; there are some in " + elsewhere + (numbers.size() > NAMED ? ", …" : "")
                                + ", which -n NAMESPACE shows.\n");
    }

    private static String token(String name) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    private static String name(String token) {
        String name = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        if (!ServiceKey.isLabel(name)) {
            throw new IllegalArgumentException("no name");
        }
        return name;
    }
}
