package dev.berth.control;

import dev.berth.model.Conflict;
import dev.berth.model.HolderKind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A port in a few sentences. */
final class PortWords {
    private PortWords() {}

    static String explain(PortView view, boolean covered, List<String> gaps, HolderRules rules) {
        List<String> sentences = new ArrayList<>();
        if (view.inUse()) {
            Set<String> holders = new LinkedHashSet<>();
            view.sockets()
                    .forEach(socket -> holders.add(socket.listener().address() + " is held by " + who(socket, rules)));
            holders.forEach(holder -> sentences.add("Port " + view.port() + " on " + holder + "."));
        } else if (!covered) {
            sentences.add("Whether port " + view.port() + " is in use is not known: the look did not cover "
                    + view.port().protocol().label() + (gaps.isEmpty() ? "" : " (" + String.join("; ", gaps) + ")")
                    + ".");
        } else if (view.blockage().isPresent()) {
            sentences.add("Nothing listens on port " + view.port() + ", but it can't be bound: "
                    + view.blockage().get().explanation() + ".");
        } else {
            sentences.add("Nothing listens on port " + view.port() + ".");
        }
        for (PortView.Use use : view.services()) {
            sentences.add(
                    switch (use.role()) {
                        case ASSIGNED -> "It is assigned to " + use.service() + ".";
                        case PREFERRED -> use.service() + " prefers it.";
                        case ALTERNATIVE -> "It is an alternative of " + use.service() + ".";
                    });
        }
        view.reservation()
                .ifPresent(reservation -> sentences.add("It is reserved for " + reservation.describe()
                        + reservation
                                .claim()
                                .map(claim -> ", and claimed by " + claim.by())
                                .orElse("")
                        + reservation.message().map(why -> "; not held: " + why).orElse("") + "."));
        if (view.held()) {
            sentences.add("Berth holds it at the socket"
                    + (view.reservation().isPresent() ? " until it is claimed" : " until its service is started")
                    + ", so that nobody else can bind it.");
        }
        view.eviction()
                .filter(eviction -> eviction.phase().isOpen())
                .ifPresent(eviction -> sentences.add("It is being freed: "
                        + eviction.phase().name().toLowerCase(Locale.ROOT) + " since " + eviction.startedAt() + "."));
        for (Conflict conflict : view.conflicts()) {
            sentences.add("Open conflict " + conflict.id() + " of " + conflict.service() + ": "
                    + conflict.decision().name().toLowerCase(Locale.ROOT) + ", " + conflict.reason() + ".");
        }
        return String.join(" ", sentences);
    }

    /** No kind says that it is Berth, and whoever calls Berth a stranger seems not to know itself. */
    private static String who(PortView.Socket socket, HolderRules rules) {
        return socket.processes().stream()
                        .flatMap(process -> rules.berth(process).stream())
                        .findFirst()
                        .orElseGet(() -> kind(socket.holder().kind()))
                + ": " + socket.holder().description();
    }

    private static String kind(HolderKind kind) {
        return switch (kind) {
            case MANAGED -> "what Berth runs";
            case DECLARED -> "a declared service's process";
            case UNIT -> "a unit";
            case CONTAINER -> "a container";
            case SUPERVISED -> "a process that something restarts";
            case SYSTEM -> "a system process";
            case FOREIGN -> "a foreign process";
            case KERNEL -> "the kernel";
            case UNKNOWN -> "somebody who can't be seen";
        };
    }
}
