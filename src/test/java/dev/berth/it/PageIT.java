package dev.berth.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.ColorScheme;
import dev.berth.testing.FreePorts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the page shows, to whom, and when. */
class PageIT extends PageTests {
    private static final List<String> VIEWS = List.of(
            "#/", "#/services", "#/ports", "#/conflicts", "#/reservations", "#/audit", "#/reports", "#/settings");

    @Test
    void tellsWhoHoldsAPortFromASearchAndItsStory() {
        int port = hold();
        long pid = berth.get("/ports/" + port).body().at("/holders/0/pids/0").asLong();
        visitor.open("");
        assertThat(page.locator("canvas"))
                .hasAttribute("aria-label", Pattern.compile("All 65,536 ports: \\d+ in use.*"));

        page.keyboard().press("/");
        assertThat(page.locator("#find")).isFocused();
        page.keyboard().type(Integer.toString(port));
        assertThat(page.locator("#found li").first()).containsText("pid " + pid);
        page.keyboard().press("Enter");

        assertThat(visitor.story().locator("h2")).hasText(Integer.toString(port));
        assertThat(visitor.story()).containsText(Long.toString(pid));
        assertThat(visitor.story()).containsText(Holder.class.getName());
        assertThat(visitor.story()).containsText("No conflict about it is remembered.");
        visitor.assertNoComplaints();
    }

    @Test
    void thePictureIsUsableByKeyboardAlone() {
        int port = hold();
        visitor.open("");
        Locator canvas = page.locator("canvas");
        assertThat(page.locator("main .strip")).not().containsText("–");
        canvas.focus();
        Locator spoken = page.locator(".harbour [aria-live]");
        // Once round by used ports finds it.
        for (int step = 0; step < 2_000 && !spoken.textContent().startsWith(port + ":"); step++) {
            page.keyboard().press("n");
        }
        assertThat(spoken).containsText(Holder.class.getName());
        page.keyboard().press("ArrowRight");
        assertThat(spoken).containsText((port + 1) + ": ");
        page.keyboard().press("ArrowLeft");
        page.keyboard().press("Enter");
        assertThat(visitor.story().locator("h2")).hasText(Integer.toString(port));
        assertThat(visitor.story().locator("h2")).isFocused();
        page.keyboard().press("Escape");
        assertThat(visitor.story()).isHidden();
        assertThat(canvas).isFocused();
        visitor.assertNoComplaints();
    }

    @Test
    void hoveringTellsWhoAndAClickOpensIt() {
        int port = hold();
        visitor.open("");
        assertThat(page.locator("main .strip")).not().containsText("–");
        // Where the module that draws says that it is.
        Object point = page.evaluate("""
                async port => {
                  const { geometry, cell } = await import("/page/picture.js");
                  const box = document.querySelector("canvas").getBoundingClientRect();
                  const place = geometry(box.width, box.height, devicePixelRatio, 44);
                  const { x, y, w, h } = cell(place, port);
                  return [box.left + (x + w / 2) / place.ratio, box.top + (y + h / 2) / place.ratio];
                }""", port);
        List<?> at = (List<?>) point;
        double x = ((Number) at.get(0)).doubleValue();
        double y = ((Number) at.get(1)).doubleValue();
        page.mouse().move(x, y);
        assertThat(page.locator(".tip strong")).hasText(Integer.toString(port));
        assertThat(page.locator(".tip")).containsText(Holder.class.getName());
        letGo();
        // The pointer rests, and what it is told follows what is seen.
        assertThat(page.locator(".tip")).containsText("free");
        page.mouse().click(x, y);
        assertThat(visitor.story().locator("h2")).hasText(Integer.toString(port));
        visitor.assertNoComplaints();
    }

    @Test
    void theStoryOfAServiceShowsItsLogAsItIsWrittenAndItsMeasurements() {
        run("talks");
        visitor.open("#/services/default/talks");
        Locator lines = visitor.story().locator(".logs .lines");
        assertThat(lines).containsText("hello");
        assertThat(lines).containsText("<img src=x onerror=alert(1)> lost");
        assertThat(lines.locator("img")).hasCount(0);
        assertThat(lines).containsText("GET / HTTP/1.1");
        visitor.story().getByLabel("Errors only").check();
        assertThat(lines).not().containsText("GET /");
        assertThat(lines).containsText("ERROR");
        assertThat(visitor.story().locator(".plots")).containsText("MB");
        // Two measurements make a line.
        assertThat(visitor.story().locator(".plots .spark .area[d]").first()).isAttached();
        visitor.assertNoComplaints();
    }

    @Test
    void theAuditLogIsFilteredAndVerifiedAndReportsAreShown() {
        int port = hold();
        guard("moves", port, "conservative");
        berth.settledConflict("moves");
        visitor.open("#/audit?service=default/moves");
        assertThat(page.locator("main .rows")).containsText("Conflict detected");
        visitor.button("Verify the chain").click();
        assertThat(page.locator("main .tools")).containsText("The chain is whole");
        visitor.go("#/reports");
        assertThat(page.locator("main .report")).containsText("moves");
        for (String report : List.of("Service health", "Performance", "Ports")) {
            visitor.button(report).click();
            assertThat(page.locator("main .report")).containsText("As of");
        }
        assertThat(page.locator("main .report")).containsText(Integer.toString(port));
        visitor.assertNoComplaints();
    }

    @Test
    void survivesARestartAndSaysHowOldWhatItShowsIs() {
        int port = FreePorts.take();
        guard("stays", port, "conservative");
        visitor.open("#/services");
        assertThat(row("stays")).isVisible();
        berth.terminate();
        Locator banner = page.locator(".banner.bad");
        assertThat(banner)
                .containsText(Pattern.compile("Not connected to Berth.* What you see is .+ old; trying again"));
        assertThat(page.locator("#link")).containsText("Not connected");
        assertThat(row("stays")).isVisible();

        berth.launch();
        assertThat(page.locator("#link")).containsText("Live");
        assertThat(banner).hasCount(0);
        guard("later", FreePorts.take(), "conservative");
        assertThat(row("later")).isVisible();
        // That nobody answered meanwhile is what the browser may say, and nothing else.
        visitor.complaints().removeIf(each -> each.contains("net::ERR_"));
        visitor.assertNoComplaints();
    }

    @ParameterizedTest
    @CsvSource({"1440, 900, DARK", "1440, 900, LIGHT", "390, 844, DARK", "390, 844, LIGHT"})
    void nobodyIsKeptOut(int width, int height, ColorScheme scheme) {
        int port = hold();
        guard("moves", port, "conservative");
        run("talks");
        String conflict = berth.settledConflict("moves").path("id").asText();
        try (Visitor other = new Visitor(chromium.browser(), berth.base(), width, height, scheme)) {
            other.open("");
            for (String view : VIEWS) {
                other.go(view);
                other.page()
                        .locator("main h1")
                        .waitFor(new Locator.WaitForOptions()
                                .setState(com.microsoft.playwright.options.WaitForSelectorState.ATTACHED));
                other.page().waitForLoadState(com.microsoft.playwright.options.LoadState.LOAD);
                other.assertAccessible(view);
                assertThat(other.page().evaluate("document.documentElement.scrollWidth <= innerWidth"))
                        .as(view + " fits its window")
                        .isEqualTo(true);
            }
            for (String story : List.of("#/services/default/talks", "#/ports/" + port, "#/conflicts/" + conflict)) {
                other.go(story);
                assertThat(other.story().locator("dl")).not().hasCount(0);
                other.assertAccessible(story);
            }
            other.go("#/services");
            other.button("Declare a service").click();
            other.assertAccessible("a form");
            other.assertNoComplaints();
        }
    }

    @Test
    void theColoursAreChosenAndRemembered() {
        visitor.open("");
        Locator button = page.locator("#theme button");
        assertThat(button).hasAttribute("aria-label", "Colours: as the system. Change");
        String dark = background();
        button.click();
        assertThat(page.locator("html")).hasAttribute("data-theme", "light");
        assertThat(background()).isNotEqualTo(dark);
        page.reload();
        assertThat(page.locator("html")).hasAttribute("data-theme", "light");
        visitor.assertNoComplaints();
    }

    private String background() {
        return (String) page.evaluate("getComputedStyle(document.body).backgroundColor");
    }

    @Test
    void everythingOfItComesFromBerthAndIsSmall() {
        List<String> asked = Collections.synchronizedList(new ArrayList<>());
        page.onRequest(request -> asked.add(request.url()));
        visitor.open("");
        for (String view : VIEWS) {
            visitor.go(view);
        }
        page.waitForLoadState();
        assertThat(asked).isNotEmpty().allMatch(address -> address.startsWith(berth.base() + "/"));
        Object bytes = page.evaluate("""
                [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
                  .filter(each => each.entryType === "navigation" || new URL(each.name).pathname.startsWith("/page/"))
                  .map(each => [each.name, each.decodedBodySize])
                  .reduce((sizes, [name, size]) => sizes.set(name, size), new Map())
                  .values().reduce((sum, size) => sum + size, 0)""");
        assertThat(((Number) bytes).intValue()).isBetween(100_000, 150_000);
        visitor.assertNoComplaints();
    }
}
