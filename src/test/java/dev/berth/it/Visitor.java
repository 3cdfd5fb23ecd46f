package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Somebody who looks at Berth's page, in a browser profile of their own; what the browser complains of is collected. */
final class Visitor implements AutoCloseable {
    private static final Set<String> BAD = Set.of("serious", "critical");

    private final BrowserContext context;
    private final Page page;
    private final String base;
    private final List<String> complaints = new ArrayList<>();

    Visitor(Browser browser, String base, int width, int height, ColorScheme scheme) {
        this.base = base;
        this.context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(width, height)
                .setColorScheme(scheme)
                // Nothing is half faded in when it is judged.
                .setReducedMotion(ReducedMotion.REDUCE));
        this.page = context.newPage();
        page.setDefaultTimeout(Berth.PATIENCE.toMillis());
        page.onConsoleMessage(message -> {
            if (Set.of("error", "warning").contains(message.type())) {
                complaints.add(message.text() + " at " + message.location());
            }
        });
        page.onPageError(complaints::add);
    }

    static Visitor atDesk(Browser browser, String base) {
        return new Visitor(browser, base, 1440, 900, ColorScheme.DARK);
    }

    Page page() {
        return page;
    }

    /** Opens a view, such as {@code #/ports}, and waits until it is live. */
    void open(String view) {
        page.navigate(base + "/" + view);
        page.locator("#link[data-state=live]").waitFor();
    }

    /** As a link would: without loading the page again. */
    void go(String view) {
        page.evaluate("view => location.hash = view", view);
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator dialog() {
        return page.locator("dialog[open]");
    }

    Locator inDialog(String name) {
        return dialog().getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator story() {
        return page.locator("#story");
    }

    /** What axe finds that keeps somebody out. */
    void assertAccessible(String where) {
        List<String> found = new AxeBuilder(page)
                .analyze().getViolations().stream()
                        .filter(rule -> BAD.contains(rule.getImpact()))
                        .map(rule -> rule.getId() + ": "
                                + rule.getNodes().stream()
                                        .map(node -> node.getTarget() + " " + node.getHtml())
                                        .toList())
                        .toList();
        assertThat(found).as(where).isEmpty();
    }

    List<String> complaints() {
        return complaints;
    }

    void assertNoComplaints() {
        assertThat(complaints).isEmpty();
    }

    @Override
    public void close() {
        context.close();
    }
}
