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
import java.util.function.Predicate;

/** A part of the services of a namespace, by name, so that a list can be continued whatever changes meanwhile. */
final class ServiceList {
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
                () -> (withUsage ? ServiceView.table(page, measured::latest, full) : ServiceView.table(page, full))
                        + next.map(ListView::more).orElse(""));
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
