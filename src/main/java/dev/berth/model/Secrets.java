package dev.berth.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out of a text what looks like a secret, before others read it: values whose name says so ({@code --password x},
 * {@code API_TOKEN=x}, {@code Authorization: x}), passwords in URLs, and the well-known shapes of tokens. It errs on the
 * side of hiding; what it can't know is a secret without a name in a shape of its own.
 *
 * <p>Linear in the text: every quantifier is possessive or bounded.
 */
public final class Secrets {
    public static final String MASK = "***";

    /** A longer text is cut before it is searched; nobody reads that far. */
    static final int LONGEST = 16 * 1024;

    static final Set<String> SECRET_WORDS = Set.of(
            "password",
            "passwd",
            "passphrase",
            "passcode",
            "pass",
            "pwd",
            "pw",
            "secret",
            "secrets",
            "token",
            "tokens",
            "key",
            "keys",
            "apikey",
            "accesskey",
            "secretkey",
            "privatekey",
            "authkey",
            "credential",
            "credentials",
            "creds",
            "auth",
            "authorization",
            "bearer",
            "cookie",
            "jwt",
            "signature",
            "sas",
            "pin",
            "otp",
            "salt");

    /** Words that hide in one without a border, as in {@code PGPASSWORD} and {@code mytoken}. */
    static final List<String> SECRET_PARTS =
            List.of("password", "passwd", "passphrase", "secret", "token", "apikey", "credential");

    /** What ends so names the place of a secret, not the secret. */
    private static final Set<String> PLACES =
            Set.of("file", "files", "path", "dir", "directory", "fd", "socket", "sock");

    /** Names that say nothing when a path or a small number follows: {@code --key server.pem}, {@code sort --key 2}. */
    private static final Set<String> WEAK_WORDS = Set.of("key", "keys", "auth", "pass", "pin", "salt", "signature");

    private static final Pattern PLACE_VALUE = Pattern.compile(
            "(?:\\.{0,2}/|~|[A-Za-z]:\\\\).*|.*\\.(?:pem|key|crt|cer|p12|jks|json|ya?ml|conf)|[0-9]{1,3}(?:,[0-9]{1,3})?|true|false|yes|no|none");

    /** Flags that mean a secret in one program and something else in others. */
    private static final Map<String, Set<String>> FLAGS = Map.of(
            "curl", Set.of("-u", "--user", "-U", "--proxy-user", "-b", "--oauth2-bearer"),
            "redis-cli", Set.of("-a"),
            "sshpass", Set.of("-p"),
            "openssl", Set.of("-passin", "-passout", "-k"));

    private static final Set<String> GLUED_P =
            Set.of("mysql", "mysqldump", "mysqladmin", "mariadb", "mariadb-dump", "sshpass");

    private static final Pattern FLAG = Pattern.compile("--?([A-Za-z][A-Za-z0-9_.-]{0,99})");
    private static final Pattern WHOLE = Pattern.compile(
            "((?:-{1,2}[A-Z]?|[A-Za-z]+ )?([A-Za-z_][A-Za-z0-9_.-]{0,99})(?:=|:\\s?))(.+)", Pattern.DOTALL);
    /** A name and what parts it from its value. */
    private static final Pattern NAMED =
            Pattern.compile("(?<![A-Za-z0-9_.-])([A-Za-z_-][A-Za-z0-9_.-]{0,99}+)[\"']?\\s{0,4}+[=:]\\s{0,4}+");

    private static final Pattern FLAGGED =
            Pattern.compile("(?<![^\\s\"'])(--?[A-Za-z][A-Za-z0-9_.-]{0,99}+)\\s++(?!--)");

    /** One word as a shell reads it, with the scheme of an Authorization before it. */
    private static final Pattern VALUE = Pattern.compile(
            "(?:(?i:basic|bearer|token|digest)\\s++)?+(?:\"(?:[^\"\\\\]|\\\\.)*+\"?|'[^']*+'?|\\\\."
                    + "|[^\\s\"'\\\\&;,|<>(){}\\[\\]])++",
            Pattern.DOTALL);

    private static final Pattern USER_INFO = Pattern.compile(
            "([A-Za-z][A-Za-z0-9+.-]{0,30}+://[^\\s/:@\"']{0,200}+:)([^\\s/\"'][^\\s\"']{0,999}?)(?=@[^\\s@\"']*+(?:[\\s\"']|$))");
    private static final Pattern SHAPES = Pattern.compile("(?<![A-Za-z0-9])(?:"
            + "gh[pousr]_[A-Za-z0-9]{16,255}|github_pat_[A-Za-z0-9_]{20,255}|gl(?:pat|dt|rt|ptt)-[A-Za-z0-9_.-]{16,255}"
            + "|xox[abeoprs]-[A-Za-z0-9-]{8,255}|A(?:KIA|SIA)[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{30,60}"
            + "|(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)[-_][A-Za-z0-9_-]{12,255}|sk-[A-Za-z0-9]{20,255}"
            + "|npm_[A-Za-z0-9]{30,60}|pypi-[A-Za-z0-9_-]{16,255}|hv[sb]\\.[A-Za-z0-9_-]{16,255}|dop_v1_[a-f0-9]{32,128}"
            + "|SG\\.[A-Za-z0-9_-]{16,64}\\.[A-Za-z0-9_-]{16,64}|berth_[A-Za-z0-9_-]{16,255}"
            + "|eyJ[A-Za-z0-9_-]{8,4000}\\.[A-Za-z0-9_-]{4,4000}(?:\\.[A-Za-z0-9_-]{0,4000})?)");
    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*", Pattern.DOTALL);
    /** Each of those has so many characters that a word may have, one after the other: most texts need no search for them. */
    static final int SHORTEST_SHAPE = 13;

    private static final String PRIVATE_KEY_BEGINS = "-----BEGIN ";

    /** One of these is in every secret's name: what has none needs not be taken apart into words. */
    static final List<String> SECRET_HINTS = List.of(
            "pass", "pw", "secret", "token", "key", "cred", "auth", "bearer", "cookie", "jwt", "sign", "sas", "pin",
            "otp", "salt");

    private static final Pattern BORDER = Pattern.compile("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])");

    private Secrets() {}

    /** Does this name of a variable, flag, header or field say that its value is a secret? */
    public static boolean isSecretName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (SECRET_HINTS.stream().noneMatch(lower::contains)) {
            return false;
        }
        List<String> words = words(name);
        if (words.isEmpty() || PLACES.contains(words.get(words.size() - 1))) {
            return false;
        }
        return words.stream()
                .anyMatch(word ->
                        SECRET_WORDS.contains(word) || SECRET_PARTS.stream().anyMatch(word::contains));
    }

    /** Variables as others may see them. */
    public static Map<String, String> environment(Map<String, String> variables) {
        Map<String, String> shown = new TreeMap<>();
        variables.forEach((name, value) -> shown.put(name, value(name, value)));
        return shown;
    }

    /** The value of a variable or field of this name as others may see it. */
    public static String value(String name, String value) {
        return hides(name, value) ? MASK : text(value);
    }

    /** A command line as others may see it, its arguments separated by blanks. */
    public static String command(List<String> arguments) {
        List<String> shown = new ArrayList<>(arguments.size());
        String program = arguments.isEmpty() ? "" : baseName(arguments.get(0));
        Optional<String> flag = Optional.empty();
        for (String argument : arguments) {
            boolean isValue = flag.filter(name -> !argument.startsWith("--") && hidesValue(program, name, argument))
                    .isPresent();
            shown.add(isValue ? MASK : argument(program, argument));
            flag = FLAG.matcher(argument).matches() ? Optional.of(argument) : Optional.empty();
        }
        return String.join(" ", shown);
    }

    /** Any text as others may see it: a shell script, a message, a document. */
    public static String text(String text) {
        String shown = cut(text);
        if (shown.contains("://")) {
            shown = USER_INFO.matcher(shown).replaceAll("$1" + MASK);
        }
        if (shown.indexOf('=') >= 0 || shown.indexOf(':') >= 0) {
            shown = masked(shown, NAMED);
        }
        if (shown.indexOf('-') >= 0) {
            shown = masked(shown, FLAGGED);
        }
        if (mayHaveShape(shown)) {
            shown = SHAPES.matcher(shown).replaceAll(MASK);
        }
        return shown.contains(PRIVATE_KEY_BEGINS) ? PRIVATE_KEY.matcher(shown).replaceAll(MASK) : shown;
    }

    /** Has it a run of characters that is long enough for a token? */
    private static boolean mayHaveShape(String text) {
        int run = 0;
        for (int at = 0; at < text.length(); at++) {
            run = isOfToken(text.charAt(at)) ? run + 1 : 0;
            if (run == SHORTEST_SHAPE) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOfToken(char each) {
        return each >= 'a' && each <= 'z'
                || each >= 'A' && each <= 'Z'
                || each >= '0' && each <= '9'
                || each == '_'
                || each == '-'
                || each == '.';
    }

    private static String cut(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }

    /** Only behind a secret's name is a value looked for, so that every character is read once. */
    private static String masked(String text, Pattern named) {
        Matcher head = named.matcher(text);
        Matcher value = VALUE.matcher(text);
        StringBuilder shown = new StringBuilder(text.length());
        int done = 0;
        while (head.find(done)) {
            int from = head.end();
            shown.append(text, done, from);
            done = from;
            if (isSecretName(name(head.group(1)))
                    && value.region(from, text.length()).lookingAt()
                    && hides(name(head.group(1)), unquoted(value.group()))) {
                shown.append(quoted(value.group()));
                done = value.end();
            }
        }
        return shown.append(text, done, text.length()).toString();
    }

    private static boolean hidesValue(String program, String flag, String value) {
        return FLAGS.getOrDefault(program, Set.of()).contains(flag) || hides(name(flag), value);
    }

    private static String argument(String program, String argument) {
        if (GLUED_P.contains(program) && argument.startsWith("-p") && argument.length() > 2) {
            return "-p" + MASK;
        }
        Matcher whole = WHOLE.matcher(cut(argument));
        // What lies in one argument belongs together, blanks and all.
        if (whole.matches() && hides(whole.group(2), whole.group(3))) {
            return whole.group(1) + MASK;
        }
        return text(argument);
    }

    private static boolean hides(String name, String value) {
        if (value.isEmpty() || value.startsWith("{") && value.endsWith("}") || !isSecretName(name)) {
            return false;
        }
        List<String> words = words(name);
        boolean weak = WEAK_WORDS.contains(words.get(words.size() - 1)) && words.size() == 1;
        return !(weak && PLACE_VALUE.matcher(value).matches());
    }

    private static String unquoted(String value) {
        boolean quotes = value.length() > 1 && (value.charAt(0) == '"' || value.charAt(0) == '\'');
        return quotes ? value.substring(1, value.length() - 1) : value;
    }

    private static String quoted(String value) {
        char first = value.charAt(0);
        boolean quotes =
                (first == '"' || first == '\'') && value.length() > 1 && value.charAt(value.length() - 1) == first;
        return quotes ? first + MASK + first : MASK;
    }

    private static String name(String flag) {
        String bare = flag.replaceFirst("^-{1,2}", "");
        // A definition: -Dspring.password=x, -PapiKey=x.
        return flag.matches("-[DPX][A-Za-z].*") ? bare.substring(1) : bare;
    }

    private static List<String> words(String name) {
        return BORDER.splitAsStream(name)
                .filter(word -> !word.isEmpty())
                .map(word -> word.toLowerCase(Locale.ROOT))
                .toList();
    }

    private static String baseName(String program) {
        return program.substring(program.lastIndexOf('/') + 1);
    }
}
