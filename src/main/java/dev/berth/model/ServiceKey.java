package dev.berth.model;

import java.util.regex.Pattern;

/**
 * A service's name within its namespace; both are DNS labels (RFC 1123). A replica of a service is a service of its own in
 * the registry, named {@code NAME.1}, {@code NAME.2}, …: nobody can declare one of that name, because no label has a dot.
 */
public record ServiceKey(String namespace, String name) implements Comparable<ServiceKey> {
    public static final String DEFAULT_NAMESPACE = "default";
    private static final int LONGEST_LABEL = 63;
    private static final char BEFORE_NUMBER = '.';
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,2}");

    public ServiceKey {
        if (!namespace.equals(DEFAULT_NAMESPACE) && !isLabel(namespace)) {
            throw new IllegalArgumentException(noName(namespace));
        }
        if (!isName(name)) {
            throw new IllegalArgumentException(noName(name));
        }
    }

    /** Is the text the name of a service or of a replica of one? */
    public static boolean isName(String text) {
        if (isLabel(text)) {
            return true;
        }
        int dot = text.indexOf(BEFORE_NUMBER);
        return dot > 0
                && isLabel(text.substring(0, dot))
                && NUMBER.matcher(text.substring(dot + 1)).matches();
    }

    /** The name of one of its replicas; the service itself is instance 0. */
    public ServiceKey replica(int instance) {
        return new ServiceKey(namespace, origin().replicaPrefix() + instance);
    }

    /** What the names of its replicas begin with, and no other name of its namespace. */
    String replicaPrefix() {
        return name + BEFORE_NUMBER;
    }

    /** Does somebody's declaration of another name stand behind it? */
    public boolean isReplica() {
        return isReplica(name);
    }

    /** The same of a bare name, for those who ask it of very many. */
    public static boolean isReplica(String name) {
        return name.indexOf(BEFORE_NUMBER) >= 0;
    }

    /** The service that it is a replica of; itself when it is none. */
    public ServiceKey origin() {
        int dot = name.indexOf(BEFORE_NUMBER);
        return dot < 0 ? this : new ServiceKey(namespace, name.substring(0, dot));
    }

    /** Which of the service's instances it is, from 0. */
    public int instance() {
        int dot = name.indexOf(BEFORE_NUMBER);
        return dot < 0 ? 0 : Integer.parseInt(name.substring(dot + 1));
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

    private static String noName(String text) {
        return "a name is 1 to 63 lower-case letters, digits and inner hyphens, not \"" + text + "\"";
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
