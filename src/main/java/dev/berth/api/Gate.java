package dev.berth.api;

import dev.berth.config.Documents;
import dev.berth.control.Authority;
import dev.berth.control.Tokens;
import dev.berth.host.CallerLookup;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Stands before every route: who calls, under which name, from which page, with what kind of body. */
@ApplicationScoped
class Gate {
    /** Where {@link CurrentCaller} finds who calls. */
    static final String CALLER = "berth.caller";

    /** Before everything else that the framework or we register. */
    private static final int FIRST = 10_000;

    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int CONTENT_TOO_LARGE = 413;
    private static final int UNSUPPORTED_MEDIA_TYPE = 415;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;
    private static final int HEADERS_TOO_LARGE = 431;

    /** Their size is limited before they come here; thousands of tiny ones would cost more to look at than to send. */
    private static final int MOST_HEADERS = 100;

    /** Reads texts of other tools, of any type, and changes nothing. */
    private static final String IMPORT = "/import";

    private final CallerLookup lookup;
    private final Access access;
    private final Authentication authentication;
    private final RequestRates rates;
    private final TokenUses tokenUses;
    private final ProbeStatus probes;

    /**
     * Reads a body before anybody works on its request, which then has it at once: a thread that asked for it piece by piece would
     * go to sleep and be woken for each, and be held by a client that takes its time.
     */
    private final BodyHandler bodies = BodyHandler.create(false).setBodyLimit(Documents.MAX_BYTES);

    private final BodyRoom room = new BodyRoom();

    Gate(
            CallerLookup lookup,
            Access access,
            Authority authority,
            Tokens tokens,
            TokenUses tokenUses,
            ProbeStatus probes) {
        this.lookup = lookup;
        this.access = access;
        this.authentication = new Authentication(authority, tokens, new WrongTokens(access.nanos()));
        this.rates = new RequestRates(access.nanos());
        this.tokenUses = tokenUses;
        this.probes = probes;
    }

    void register(@Observes Filters filters) {
        filters.register(this::decide, FIRST);
    }

    private void decide(RoutingContext context) {
        HttpServerRequest request = context.request();
        BrowserHeaders.set(context.response());
        // Its size() counts names.
        int headers = request.headers().entries().size();
        if (headers > MOST_HEADERS) {
            Refusals.send(
                    context,
                    HEADERS_TOO_LARGE,
                    "the request has " + headers + " headers, and " + MOST_HEADERS + " are read at most");
            return;
        }
        if (ProbeStatus.isAsked(context)) {
            probe(context);
            return;
        }
        Optional<String> malformed = FormRule.refusal(Optional.ofNullable(request.uri()), request.headers());
        if (malformed.isPresent()) {
            Refusals.send(context, BAD_REQUEST, malformed.get());
            return;
        }
        Peer peer = Peer.of(request.connection(), lookup);
        Optional<String> refusal = misaddressed(request, peer);
        if (refusal.isPresent()) {
            Refusals.send(context, FORBIDDEN, refusal.get());
            return;
        }
        Authentication.Verdict verdict =
                authentication.of(peer.user(), peer.address(), request.headers().getAll(HttpHeaders.AUTHORIZATION));
        if (verdict instanceof Authentication.Verdict.Refused refused) {
            // Whom a token would let in is given the page that asks for it; everybody else is told why not.
            if (refused.challenge().isPresent() && isPage(context)) {
                context.next();
                return;
            }
            refused.challenge().ifPresent(words -> context.response().putHeader("WWW-Authenticate", words));
            Refusals.send(context, refused.status(), refused.reason());
            return;
        }
        Authentication.Verdict.Admitted admitted = (Authentication.Verdict.Admitted) verdict;
        int rate = access.limits().get().requestRate();
        Optional<Duration> wait =
                rates.ask(admitted.caller(), BodyRule.changes(request.method().name()), rate);
        if (wait.isPresent()) {
            tooOften(context, wait.get(), rate);
            return;
        }
        boolean isText = context.normalizedPath().equals(IMPORT);
        Optional<String> unsupported = isText
                ? Optional.empty()
                : BodyRule.refusal(request.method().name(), header(request, "Content-Type"), hasBody(request));
        if (unsupported.isPresent()) {
            Refusals.send(context, UNSUPPORTED_MEDIA_TYPE, unsupported.get());
            return;
        }
        if (isTooLarge(request)) {
            Refusals.send(context, CONTENT_TOO_LARGE, Problems.TOO_LARGE);
            return;
        }
        context.put(CALLER, admitted.caller());
        admitted.token().ifPresent(token -> tokenUses.begin(context, token));
        // What a text calls itself may be a form, of which this would take the fields.
        if (BodyRule.changes(request.method().name()) && hasBody(request) && !isText) {
            readBody(context);
        } else {
            context.next();
        }
    }

    private void readBody(RoutingContext context) {
        Optional<BodyRoom.Place> place = room.take(length(context.request()));
        if (place.isEmpty()) {
            context.response().putHeader("Retry-After", "1");
            Refusals.send(
                    context,
                    UNAVAILABLE,
                    "so many bodies are being sent at this moment that there is no room for another one ("
                            + BodyRoom.BYTES + " bytes in all); ask again in a second");
            return;
        }
        context.addEndHandler(over -> place.get().giveBack());
        bodies.handle(context);
    }

    private static void tooOften(RoutingContext context, Duration wait, int rate) {
        // RFC 9110 knows whole seconds, and one that is too short brings the client back for nothing.
        long seconds = wait.toSeconds() + 1;
        context.response().putHeader("Retry-After", Long.toString(seconds));
        Refusals.send(
                context,
                TOO_MANY_REQUESTS,
                "you ask more often than the " + rate
                        + " times a second that one user may (the setting limits.requestRate;" + " a change counts as "
                        + RequestRates.OF_A_CHANGE + "); ask again in " + seconds + " s");
    }

    /** Why it is not for us, or a page of somebody else's sent it. */
    private Optional<String> misaddressed(HttpServerRequest request, Peer peer) {
        Optional<String> host = header(request, "Host");
        Optional<String> refusal = peer.isUnixSocket()
                ? Optional.empty()
                : HostRule.refusal(host, access.port().get(), ownNames(peer));
        return refusal.or(() -> OriginRule.refusal(header(request, "Sec-Fetch-Site"), header(request, "Origin"), host));
    }

    /** Who is let in reads all of it; everybody else, and a page of somebody else's, whether and not why. */
    private void probe(RoutingContext context) {
        HttpServerRequest request = context.request();
        Peer peer = Peer.of(request.connection(), lookup);
        boolean own = FormRule.refusal(Optional.ofNullable(request.uri()), request.headers())
                        .isEmpty()
                && misaddressed(request, peer).isEmpty()
                && authentication.of(
                                peer.user(), peer.address(), request.headers().getAll(HttpHeaders.AUTHORIZATION))
                        instanceof Authentication.Verdict.Admitted;
        if (own) {
            context.next();
        } else {
            probes.answer(context);
        }
    }

    private Collection<String> ownNames(Peer peer) {
        List<String> names = new ArrayList<>(access.allowedHosts().get());
        peer.ownAddress().ifPresent(names::add);
        return names;
    }

    private static boolean isPage(RoutingContext context) {
        HttpServerRequest request = context.request();
        return PageAddress.is(
                request.method().name(), request.path(), context.normalizedPath(), header(request, "Accept"));
    }

    /** A chunked body doesn't say how long it is; the framework counts it. */
    private static boolean isTooLarge(HttpServerRequest request) {
        return length(request).orElse(0) > Documents.MAX_BYTES;
    }

    /** What the request says that its body has, in bytes; more than any may have where that is no number of ours. */
    private static OptionalLong length(HttpServerRequest request) {
        return header(request, "Content-Length")
                .filter(length -> length.matches("[0-9]+"))
                .map(length -> OptionalLong.of(length.length() > 9 ? Long.MAX_VALUE : Long.parseLong(length)))
                .orElse(OptionalLong.empty());
    }

    private static boolean hasBody(HttpServerRequest request) {
        return request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null
                || header(request, "Content-Length")
                        .filter(length -> !length.equals("0"))
                        .isPresent();
    }

    private static Optional<String> header(HttpServerRequest request, String name) {
        return Optional.ofNullable(request.getHeader(name));
    }
}
