package dev.berth.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.berth.testing.Children;
import dev.berth.testing.Chromium;
import dev.berth.testing.FreePorts;
import dev.berth.testing.Tools;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What tests of the page share: a real browser on a live daemon with real processes and real conflicts. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PageTests {
    /** Serves, and has something to say that would be markup on a careless page. */
    private static final String TALKS = "echo hello; echo 'ERROR <img src=x onerror=alert(1)> lost';"
            + " exec python3 -u -m http.server --bind 127.0.0.1 {port}";

    Chromium chromium;
    Supervised supervised;
    Berth berth;

    private final Children children = new Children();
    Visitor visitor;
    Page page;

    @BeforeAll
    void start(@TempDir Path directory) {
        Tools.require("python3");
        chromium = Chromium.launch();
        // A port of its own, so that it comes back where the page looks for it.
        supervised = Supervised.start(
                directory, Map.of("BERTH_HTTP_PORT", Integer.toString(FreePorts.take()), "BERTH_USAGE_INTERVAL", "1s"));
        berth = supervised.berth();
        PlaywrightAssertions.setDefaultAssertionTimeout(Berth.PATIENCE.toMillis());
    }

    @AfterAll
    void stop() {
        if (chromium != null) {
            chromium.close();
        }
        if (supervised != null) {
            supervised.close();
        }
    }

    @BeforeEach
    void visit() {
        visitor = Visitor.atDesk(chromium.browser(), berth.base());
        page = visitor.page();
    }

    @AfterEach
    void leave() {
        visitor.close();
        children.close();
        berth.patch("/settings", "{\"confirm\": null}");
        supervised.deleteAll();
    }

    final int hold() {
        int port = FreePorts.take();
        children.startReady(Holder.command(Integer.toString(port)));
        return port;
    }

    /** Ends what {@link #hold} started. */
    final void letGo() {
        children.close();
    }

    final void guard(String name, int port, String strategy) {
        assertThat(berth.put(
                                "/services/" + name,
                                "{\"port\": %d, \"strategy\": \"%s\", \"gracePeriod\": \"5s\"}"
                                        .formatted(port, strategy))
                        .status())
                .isEqualTo(201);
    }

    final void run(String name) {
        supervised.declare(
                name,
                Map.of(
                        "port",
                        FreePorts.take(),
                        "command",
                        TALKS,
                        "healthCheck",
                        Map.of("http", "http://127.0.0.1:{port}/", "interval", "1s"),
                        "gracePeriod",
                        "5s"));
        supervised.await(name, "Running");
    }

    final Locator row(String name) {
        return page.locator("main .row")
                .filter(new Locator.FilterOptions()
                        .setHas(page.getByRole(
                                AriaRole.LINK,
                                new Page.GetByRoleOptions().setName(name).setExact(true))));
    }
}
