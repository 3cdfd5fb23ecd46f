package dev.berth.model;

/** A service's name within its namespace; both are DNS labels (RFC 1123). */
public record ServiceKey(String namespace, String name) implements Comparable<ServiceKey> {
    public static final String DEFAULT_NAMESPACE = "default";
    private static final int LONGEST_LABEL = 63;

    public ServiceKey {
        requireLabel(namespace);
        requireLabel(name);
    }

    /** Is the text a DNS label: 1 to 63 lower-case letters, digits and inner hyphens? */
    public static boolean isLabel(String text) {
        // A loop instead of a regular expression: keys are made in the millions.
        int length = text.length();
        if (length == 0 || length > LONGEST_LABEL || text.charAt(0) == '-' || text.charAt(length - 1) == '-') {
            return false;
        }
        for (int at = 0; at < length; at++) {
            char each = text.charAt(at);
            if ((each < 'a' || each > 'z') && (each < '0' || each > '9') && each != '-') {
                return false;
            }
        }
        return true;
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
