package dev.berth.testing;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The chromium that is installed, without a window. Nothing is downloaded and nobody is called: whatever it does on its own
 * account is switched off. Not for several threads, as Playwright itself.
 */
public final class Chromium implements AutoCloseable {
    private static final List<String> QUIET = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /**
     * Skips the test where there is none.
     *
     * @param more further command line arguments, such as {@code --host-resolver-rules=MAP evil.example 127.0.0.1}
     */
    public static Chromium launch(String... more) {
        Path program = Tools.require("chromium");
        List<String> arguments = new ArrayList<>(QUIET);
        arguments.addAll(Arrays.asList(more));
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        try {
            Browser browser = playwright
                    .chromium()
                    .launch(new BrowserType.LaunchOptions()
                            .setExecutablePath(program)
                            .setHeadless(true)
                            .setArgs(arguments));
            return new Chromium(playwright, browser);
        } catch (RuntimeException | Error failed) {
            playwright.close();
            throw failed;
        }
    }

    public Browser browser() {
        return browser;
    }

    @Override
    public void close() {
        // Ends the browser too, and the driver's process.
        playwright.close();
    }
}
