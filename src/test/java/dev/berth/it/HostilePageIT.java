package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.Route;
import com.sun.net.httpserver.HttpServer;
import dev.berth.testing.Children;
import dev.berth.testing.Chromium;
import dev.berth.testing.FreePorts;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of other origins in a real browser beside a real Berth: whatever they send is refused and changes nothing. */
class HostilePageIT {
    private static final int FORBIDDEN = 403;

    /** A name of an attacker's, which their name server makes lead to this machine. */
    private static final String EVIL = "evil.example";

    @TempDir
    static Path directory;

    private static final Children CHILDREN = new Children();
    private static Berth berth;
    private static Chromium chromium;
    private static HttpServer hostile;
    private static Process holder;
    private static int victim;
    private static byte[] page;

    @BeforeAll
    static void start() throws IOException {
        Tools.require("chromium");
        try (InputStream text = HostilePageIT.class.getResourceAsStream("/hostile/page.html")) {
            page = Objects.requireNonNull(text).readAllBytes();
        }
        berth = Berth.start(directory);
        victim = FreePorts.take();
        holder = CHILDREN.startReady(Holder.command(Integer.toString(victim))).process();
        assertThat(berth.put("/services/victim", "{\"port\": %d}".formatted(FreePorts.take()))
                        .status())
                .isEqualTo(201);
        hostile = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hostile.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        hostile.start();
        // Newer browsers forbid some of this by themselves; older ones and other ones don't. A page without an origin
        // has a
        // process of its own, unless it is told otherwise, and is not seen from here.
        chromium = Chromium.launch(
                "--host-resolver-rules=MAP " + EVIL + " 127.0.0.1",
                "--disable-features=LocalNetworkAccessChecks,IsolateSandboxedIframes");
    }

    @AfterAll
    static void close() {
        for (AutoCloseable one : new AutoCloseable[] {chromium, berth, CHILDREN}) {
            closeQuietly(one);
        }
        if (hostile != null) {
            hostile.stop(0);
        }
    }

    /** Another port of localhost is the same site to a browser, and a stranger to Berth all the same. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", EVIL})
    void aPageOnAnotherOriginIsRefusedWhateverItTries(String host) {
        String origin = "http://" + host + ":" + hostile.getAddress().getPort();
        try (BrowserContext context = chromium.browser().newContext()) {
            assertRefused(context, origin, berth.base());
        }
    }

    /** Its name leads to Berth by now: to the browser they are of one origin, and nothing is asked before. */
    @Test
    void aPageWhoseNameWasBoundAnewIsRefusedWhateverItTries() {
        String origin = "http://" + EVIL + ":" + URI.create(berth.base()).getPort();
        try (BrowserContext context = chromium.browser().newContext()) {
            context.route(
                    url -> url.startsWith(origin + "/?"),
                    route -> route.fulfill(new Route.FulfillOptions()
                            .setContentType("text/html")
                            .setBodyBytes(page)));
            assertRefused(context, origin, origin);
        }
    }

    @Test
    void noAddressOfBerthsIsShownUnderAnotherName() {
        try (BrowserContext context = chromium.browser().newContext()) {
            Response answer = context.newPage()
                    .navigate("http://" + EVIL + ":" + URI.create(berth.base()).getPort() + "/services");
            assertThat(answer.status()).isEqualTo(FORBIDDEN);
            assertThat(answer.text()).contains(EVIL).doesNotContain("victim");
        }
    }

    /** What the others are held against: the same browser, on Berth's own origin. */
    @Test
    void theOwnPageMayReadAndChange() {
        try (BrowserContext context = chromium.browser().newContext()) {
            Page own = context.newPage();
            Response answer = own.navigate(berth.base() + "/services");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers())
                    .containsEntry("x-frame-options", "DENY")
                    .containsEntry("x-content-type-options", "nosniff")
                    .doesNotContainKey("access-control-allow-origin");
            assertThat(answer.headers().get("content-security-policy"))
                    .contains("default-src 'self'")
                    .doesNotContain("unsafe");
            Object status = own.evaluate(
                    "() => fetch('/services/own', {method: 'PUT', body: '{\"port\": %d}',".formatted(FreePorts.take())
                            + " headers: {'Content-Type': 'application/json'}}).then(answer => answer.status)");
            assertThat(status).isEqualTo(201);
        }
        assertThat(berth.delete("/services/own").status()).isBetween(200, 299);
    }

    private static void assertRefused(BrowserContext context, String origin, String target) {
        Page attacker = context.newPage();
        BrowserTraffic traffic = BrowserTraffic.of(context, attacker);
        attacker.navigate(origin + "/?berth=" + target + "&victim=" + victim);
        List<?> attacks = (List<?>) attacker.evaluate("() => Object.keys(attacks)");
        assertThat(attacks).hasSizeGreaterThan(15);
        Map<String, JsonNode> before = state();
        for (Object attack : attacks) {
            attacker.evaluate("name => perform(name)", attack);
            assertThat(traffic.answersTo("?attack=" + attack).values())
                    .as("%s from %s", attack, origin)
                    .isNotEmpty()
                    .containsOnly(FORBIDDEN);
        }
        assertThat(state()).isEqualTo(before);
        assertThat(holder.isAlive()).isTrue();
    }

    private static Map<String, JsonNode> state() {
        return Map.of(
                "services", berth.get("/services").body(),
                "reservations", berth.get("/reservations").body(),
                "settings", berth.get("/settings").body(),
                "audit", berth.get("/audit?limit=1").body().path("items"));
    }

    private static void closeQuietly(AutoCloseable one) {
        try {
            if (one != null) {
                one.close();
            }
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }
}
