package dev.berth.model;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * Where notifications go.
 *
 * @param name a DNS label; what was delivered is remembered by it
 * @param secret signs each request; without one it is not signed
 * @param minSeverity what matters less is not sent
 */
public record Webhook(String name, URI url, Optional<Secret> secret, Format format, Severity minSeverity) {
    /** What the body looks like. */
    public enum Format {
        JSON,
        SLACK;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What may be shown of its address: the path of an incoming webhook of Slack is its password, and a query may hold one. */
    public String shownUrl() {
        String base = url.getScheme() + "://" + url.getAuthority();
        if (format == Format.SLACK) {
            return base + "/" + Secret.HIDDEN;
        }
        return url.getRawQuery() == null ? url.toString() : base + url.getRawPath() + "?" + Secret.HIDDEN;
    }

    /** Not even by accident, in a log or an error. */
    @Override
    public String toString() {
        return "webhook " + name + " to " + shownUrl();
    }
}
