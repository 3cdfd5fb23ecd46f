package dev.berth.api;

import java.util.Locale;
import java.util.Optional;

/**
 * Does a request come from a page of somebody else's? Browsers say so in {@code Sec-Fetch-Site} and {@code Origin}; other
 * programs send neither. Another port of localhost is another origin: any dev server's page could otherwise end processes.
 */
final class OriginRule {
    private OriginRule() {}

    /**
     * @param fetchSite the Sec-Fetch-Site header
     * @param origin the Origin header
     * @param host the Host header, which has passed {@link HostRule}; empty on the Unix socket
     * @return why it is refused; empty when it may pass
     */
    static Optional<String> refusal(Optional<String> fetchSite, Optional<String> origin, Optional<String> host) {
        Optional<String> site = fetchSite.map(value -> value.strip().toLowerCase(Locale.ROOT));
        if (site.isPresent() && !site.get().equals("same-origin") && !site.get().equals("none")) {
            return Optional.of("a browser sent this for a page of another site (Sec-Fetch-Site: " + site.get()
                    + "); only Berth's own page may call it");
        }
        if (origin.isPresent()) {
            String own = "http://" + host.orElse("");
            if (host.isEmpty() || !origin.get().strip().equalsIgnoreCase(own)) {
                return Optional.of("a browser sent this for a page of another origin (" + origin.get()
                        + "); only Berth's own page may call it");
            }
        }
        return Optional.empty();
    }
}
