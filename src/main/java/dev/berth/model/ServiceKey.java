package dev.berth.model;

import java.util.regex.Pattern;

/** A service's name within its namespace; both are DNS labels (RFC 1123). */
public record ServiceKey(String namespace, String name) implements Comparable<ServiceKey> {
    public static final String DEFAULT_NAMESPACE = "default";
    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    public ServiceKey {
        requireLabel(namespace);
        requireLabel(name);
    }

    /** Is the text a DNS label: 1 to 63 lower-case letters, digits and inner hyphens? */
    public static boolean isLabel(String text) {
        return DNS_LABEL.matcher(text).matches();
    }

    /** Parses {@code name} (in the default namespace) or {@code namespace/name}. */
    public static ServiceKey parse(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? new ServiceKey(DEFAULT_NAMESPACE, text)
                : new ServiceKey(text.substring(0, slash), text.substring(slash + 1));
    }

    private static void requireLabel(String text) {
        if (!isLabel(text)) {
            throw new IllegalArgumentException(
                    "a name is 1 to 63 lower-case letters, digits and inner hyphens, not \"" + text + "\"");
        }
    }

    @Override
    public int compareTo(ServiceKey other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
