package dev.berth.api;

import dev.berth.control.Declaration;
import dev.berth.model.Fault;
import dev.berth.model.ServiceKey;
import dev.berth.model.User;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** What is accepted and probably not meant, or won't work as the machine is now: told with the answer. */
final class Warnings {
    /** Of a header that carries words for people (RFC 9111, and Kubernetes' use of it). */
    private static final String HEADER = "299 berth \"%s\"";

    /** Clients refuse answers whose headers are long; a person reads the first few. */
    private static final int MOST_HEADERS = 8;

    private static final int LONGEST_HEADER = 400;

    /** The kernel's "no user": nothing is looked at for them on a shared machine. */
    private static final User NOBODY = new User(4_294_967_295L, Optional.empty());

    private Warnings() {}

    /** What was found in reading the declaration, and what the machine lacks for a start. */
    static List<Fault> of(Backend backend, Declaration declaration, List<Fault> read) {
        return join(read, unmet(backend, declaration, key -> isDeclared(backend, key)));
    }

    /**
     * What the machine lacks for a start of what a whole file declares, in which each service knows the others.
     *
     * @param pointless whether nobody wants to know it any more: then it ends before the next service
     */
    static List<Fault> unmet(Backend backend, List<Declaration> declarations, BooleanSupplier pointless) {
        Set<ServiceKey> own = new HashSet<>();
        declarations.forEach(each -> own.add(each.key()));
        List<Fault> unmet = new ArrayList<>();
        for (Declaration declaration : declarations) {
            if (pointless.getAsBoolean()) {
                break;
            }
            String path = "services." + declaration.key().name();
            unmet(backend, declaration, key -> own.contains(key) || isDeclared(backend, key))
                    .forEach(each -> unmet.add(new Fault(
                            each.field().isEmpty() ? path : path + "." + each.field(), each.message(), each.given())));
        }
        return unmet;
    }

    /** As one line of words. */
    static String words(Fault warning) {
        return warning.field().isEmpty() ? warning.message() : warning.field() + ": " + warning.message();
    }

    /** As values of the header {@code Warning}: the first few, and how many there are besides. */
    static List<String> headers(List<Fault> warnings) {
        List<String> headers = new ArrayList<>();
        for (Fault warning : warnings) {
            if (headers.size() == MOST_HEADERS - 1 && warnings.size() > MOST_HEADERS) {
                headers.add(header("and " + (warnings.size() - headers.size()) + " more; a dry run tells all"));
                break;
            }
            headers.add(header(words(warning)));
        }
        return headers;
    }

    private static String header(String words) {
        String shown = words.length() <= LONGEST_HEADER ? words : words.substring(0, LONGEST_HEADER) + "...";
        // A header is ASCII, and in it a quoted string.
        String ascii = shown.replaceAll("[^ -~]", "?").replace("\\", "\\\\").replace("\"", "\\\"");
        return String.format(Locale.ROOT, HEADER, ascii);
    }

    private static List<Fault> unmet(Backend backend, Declaration declaration, Predicate<ServiceKey> declared) {
        return backend.launches().unmet(owner(backend, declaration), declaration.key(), declaration.spec(), declared);
    }

    /** Files are looked at with the rights of whoever it is. */
    private static User owner(Backend backend, Declaration declaration) {
        return backend.registry()
                .service(declaration.key())
                .map(each -> each.metadata().owner())
                .or(declaration::owner)
                .orElse(NOBODY);
    }

    private static boolean isDeclared(Backend backend, ServiceKey key) {
        return backend.registry().service(key).isPresent();
    }

    private static List<Fault> join(List<Fault> first, List<Fault> second) {
        List<Fault> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
