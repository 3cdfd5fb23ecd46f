package dev.berth.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.berth.model.Protocol;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.Webhook;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes a {@code berth.yaml} that {@link StackReader} reads to the same state: what differs from the defaults, without
 * anything that only this Berth knows (versions, identities, times). A service of another namespace than {@code default}
 * is called {@code namespace/name}.
 */
public final class StackWriter {
    private StackWriter() {}

    /**
     * @param services in the order of their age, which is the order of their choice of ports
     * @param reservations those that end by themselves are left out: they are of a moment
     * @param stackAnnotation the annotation that remembers a service's stack; it becomes {@code stack} where all agree
     */
    public static ObjectNode write(
            Settings settings, List<Service> services, List<Reservation> reservations, String stackAnnotation) {
        ObjectNode file = JsonNodeFactory.instance.objectNode();
        file.put("apiVersion", ServiceReader.API_VERSION);
        Optional<String> stack = stack(services, stackAnnotation);
        stack.ifPresent(name -> file.put("stack", name));
        ObjectNode differing = settings(settings);
        if (!differing.isEmpty()) {
            file.set("settings", differing);
        }
        if (!services.isEmpty()) {
            ObjectNode map = file.putObject("services");
            services.forEach(service -> map.set(name(service.key()), service(service, stackAnnotation, stack)));
        }
        List<Reservation> lasting = reservations.stream()
                .filter(each -> each.expiresAt().isEmpty() && each.process().isEmpty())
                .toList();
        if (!lasting.isEmpty()) {
            ArrayNode list = file.putArray("reservations");
            lasting.forEach(each -> reservation(list.addObject(), each));
        }
        return file;
    }

    private static void reservation(ObjectNode entry, Reservation reservation) {
        entry.put("holder", reservation.holder()).put("port", reservation.port().port());
        if (reservation.port().protocol() == Protocol.UDP) {
            entry.put("protocol", reservation.port().protocol().label());
        }
    }

    private static Optional<String> stack(List<Service> services, String annotation) {
        Set<Optional<String>> stacks = new HashSet<>();
        services.forEach(service ->
                stacks.add(Optional.ofNullable(service.metadata().annotations().get(annotation))));
        return stacks.size() == 1 ? stacks.iterator().next().filter(ServiceKey::isLabel) : Optional.empty();
    }

    private static String name(ServiceKey key) {
        return key.namespace().equals(ServiceKey.DEFAULT_NAMESPACE) ? key.name() : key.toString();
    }

    private static ObjectNode service(Service service, String stackAnnotation, Optional<String> stack) {
        ObjectNode spec = SpecWriter.brief(service.spec());
        if (service.spec().command().isPresent()
                && service.spec().workingDirectory().isEmpty()) {
            // Else it would be wherever the exported file lies.
            spec.put("workingDirectory", SpecReader.HOME);
        }
        SpecWriter.texts(spec, "labels", service.metadata().labels());
        Map<String, String> annotations = new LinkedHashMap<>(service.metadata().annotations());
        // One that is no name is the place of a file on this machine.
        annotations.computeIfPresent(
                stackAnnotation, (key, name) -> stack.isPresent() || !ServiceKey.isLabel(name) ? null : name);
        SpecWriter.texts(spec, "annotations", annotations);
        return spec;
    }

    private static ObjectNode settings(Settings settings) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        for (Settings.Effective each : settings.all()) {
            Object usual = each.setting().parser().apply(each.setting().defaultText());
            if (each.value().equals(usual)) {
                continue;
            }
            String key = each.setting().key();
            int dot = key.lastIndexOf('.');
            ObjectNode section = root;
            if (dot > 0) {
                for (String part : key.substring(0, dot).split("\\.", -1)) {
                    section = section.withObjectProperty(part);
                }
            }
            section.set(key.substring(dot + 1), value(each.value(), each.text()));
        }
        return root;
    }

    /**
     * The value of a setting as a person would write it.
     *
     * @param text as its source wrote it: sizes keep their units
     */
    public static JsonNode value(Object value, String text) {
        if (value instanceof Webhook webhook) {
            return WebhookList.shown(webhook);
        } else if (value instanceof Boolean flag) {
            return BooleanNode.valueOf(flag);
        } else if (value instanceof Integer number) {
            return IntNode.valueOf(number);
        } else if (value instanceof Duration duration) {
            return TextNode.valueOf(Durations.write(duration));
        } else if (value instanceof Optional<?> perhaps && perhaps.isPresent()) {
            return value(perhaps.get(), text);
        } else if (value instanceof Collection<?> items) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            items.forEach(item -> list.add(value(item, item.toString())));
            return list;
        }
        return TextNode.valueOf(text.strip());
    }
}
