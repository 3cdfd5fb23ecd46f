package dev.berth.launch;

import dev.berth.model.PortTemplate;
import dev.berth.model.PortTemplate.Reference;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Fills templates with the ports that are known, and tells which are not. */
final class Templates {
    private final String own;
    private final PortBook ports;

    /** @param own the name of the service whose texts are filled */
    Templates(String own, PortBook ports) {
        this.own = own;
        this.ports = ports;
    }

    /**
     * The text with everything filled; empty when something is not known.
     *
     * @param field where the text stands, for the obstacles
     * @param obstacles is told what is not known
     */
    Optional<String> fill(String field, String text, List<Obstacle> obstacles) {
        Map<Reference, String> values = new HashMap<>();
        int before = obstacles.size();
        for (String wrong : PortTemplate.malformed(text)) {
            obstacles.add(Obstacle.toMend(
                    field, field + " has \"" + wrong + "\", which is no template: " + PortTemplate.ALLOWED));
        }
        for (Reference reference : PortTemplate.references(text)) {
            String service = reference.service().orElse(own);
            PortBook.Entry entry = ports.of(service);
            if (entry instanceof PortBook.Entry.Assigned assigned) {
                values.put(reference, assigned.endpoint().tell(reference.facet()));
            } else if (entry instanceof PortBook.Entry.Undeclared) {
                obstacles.add(Obstacle.toMend(
                        field,
                        field + " names the " + reference.facet().name().toLowerCase(Locale.ROOT) + " of service "
                                + service + ", which is not declared"));
            } else {
                obstacles.add(Obstacle.waiting(field, "waits for " + portOf(service)));
            }
        }
        if (obstacles.size() > before) {
            return Optional.empty();
        }
        // Every reference has its value now.
        return Optional.of(PortTemplate.fill(text, reference -> values.getOrDefault(reference, "")));
    }

    String portOf(String service) {
        return service.equals(own) ? "its own port" : "the port of " + service;
    }
}
