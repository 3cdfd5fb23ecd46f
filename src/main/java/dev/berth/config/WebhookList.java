package dev.berth.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.Secret;
import dev.berth.model.ServiceKey;
import dev.berth.model.Severity;
import dev.berth.model.Webhook;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The setting {@code notifications.webhooks}: what its text means, and what of it may be shown. */
final class WebhookList implements Structure {
    static final String ALLOWED =
            "a list of {name, url, secret, format, minSeverity}: name a DNS label, url http or https, secret 16 to 256"
                    + " characters, format json or slack, minSeverity low, medium, high or critical";

    /** Each has a thread of its own. */
    private static final int MOST = 16;

    private static final int LONGEST_URL = 2048;
    private static final int SHORTEST_SECRET = 16;
    private static final int LONGEST_SECRET = 256;
    private static final Set<String> FIELDS = Set.of("name", "url", "secret", "format", "minSeverity");
    private static final Pattern PLACE = Pattern.compile(
            "(?:\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?|[0-9a-fA-F:.]+/[0-9]{1,3}|[0-9a-fA-F:]+");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Throws {@link IllegalArgumentException} when the text is none; without any of its secrets. */
    static List<Webhook> parse(String text) {
        if (text.isBlank()) {
            return List.of();
        }
        JsonNode list = tree(text);
        if (!list.isArray() || list.size() > MOST) {
            throw new IllegalArgumentException("a list of at most " + MOST + " is wanted");
        }
        List<Webhook> webhooks = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonNode each : list) {
            Webhook webhook = webhook(each);
            if (!names.add(webhook.name())) {
                throw new IllegalArgumentException("two are named " + webhook.name());
            }
            webhooks.add(webhook);
        }
        return List.copyOf(webhooks);
    }

    private static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException unreadable) {
            // Its message would quote the text.
            throw new IllegalArgumentException("that is not JSON");
        }
    }

    private static Webhook webhook(JsonNode node) {
        if (!node.isObject()) {
            throw new IllegalArgumentException("each is a map");
        }
        node.fieldNames().forEachRemaining(field -> {
            if (!FIELDS.contains(field)) {
                throw new IllegalArgumentException(
                        "there is no \"" + Texts.shorten(field) + "\" in a webhook" + Texts.didYouMean(field, FIELDS));
            }
        });
        String name = field(node, "name").orElse("");
        if (!ServiceKey.isLabel(name)) {
            throw new IllegalArgumentException("each has a name of lower-case letters, digits and inner hyphens");
        }
        Optional<Secret> secret = field(node, "secret").map(Secret::new);
        secret.filter(given -> !given.value().equals(Secret.HIDDEN)).ifPresent(given -> {
            int length = given.value().length();
            if (length < SHORTEST_SECRET || length > LONGEST_SECRET) {
                throw new IllegalArgumentException(
                        "the secret of " + name + " has " + SHORTEST_SECRET + " to " + LONGEST_SECRET + " characters");
            }
        });
        return new Webhook(
                name,
                url(name, field(node, "url").orElse("")),
                secret,
                word(Webhook.Format.class, name, field(node, "format").orElse("json"), "json or slack"),
                word(
                        Severity.class,
                        name,
                        field(node, "minSeverity").orElse("medium"),
                        "low, medium, high or critical"));
    }

    private static Optional<String> field(JsonNode node, String name) {
        JsonNode value = node.path(name);
        if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
            throw new IllegalArgumentException(name + " is a text");
        }
        return Optional.ofNullable(value.textValue());
    }

    private static URI url(String name, String text) {
        try {
            URI url = new URI(text);
            String scheme = Optional.ofNullable(url.getScheme()).orElse("").toLowerCase(Locale.ROOT);
            if (text.length() <= LONGEST_URL
                    && Set.of("http", "https").contains(scheme)
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawFragment() == null
                    && url.getPort() <= 65_535) {
                return url;
            }
        } catch (URISyntaxException unreadable) {
            throw new IllegalArgumentException("the url of " + name + " can't be read");
        }
        throw new IllegalArgumentException("the url of " + name
                + " begins with http:// or https:// and a host, and has neither user nor fragment");
    }

    private static <E extends Enum<E>> E word(Class<E> type, String name, String text, String allowed) {
        for (E each : type.getEnumConstants()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
                return each;
            }
        }
        throw new IllegalArgumentException("\"" + Texts.shorten(text) + "\" of " + name + " is not " + allowed);
    }

    /** Hosts, {@code host:port}, addresses and networks. */
    static List<String> places(String text) {
        List<String> places = SettingValues.list(text);
        for (String place : places) {
            if (!PLACE.matcher(place).matches()) {
                throw new IllegalArgumentException(
                        "\"" + Texts.shorten(place) + "\" is no host, host:port, address or network");
            }
        }
        return places;
    }

    /** As it is shown. */
    static ObjectNode shown(Webhook webhook) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("name", webhook.name())
                .put("url", webhook.shownUrl());
        webhook.secret().ifPresent(secret -> node.put("secret", secret.toString()));
        return node.put("format", webhook.format().word())
                .put("minSeverity", webhook.minSeverity().name().toLowerCase(Locale.ROOT));
    }

    @Override
    public String shown(String text) {
        try {
            List<Webhook> webhooks = parse(text);
            if (webhooks.isEmpty()) {
                return "";
            }
            ArrayNode list = JSON.createArrayNode();
            webhooks.forEach(webhook -> list.add(shown(webhook)));
            return list.toString();
        } catch (IllegalArgumentException wrong) {
            return Secret.HIDDEN;
        }
    }

    @Override
    public String completed(String text, String present) {
        List<Webhook> known = parse(present);
        JsonNode list = text.isBlank() ? JSON.createArrayNode() : tree(text);
        if (list.isEmpty()) {
            return text;
        }
        for (JsonNode each : list) {
            known.stream()
                    .filter(webhook -> webhook.name().equals(each.path("name").asText()))
                    .findFirst()
                    .ifPresent(webhook -> complete((ObjectNode) each, webhook));
        }
        return list.toString();
    }

    @Override
    public ObjectNode element() {
        ObjectNode schema = SchemaParts.type("object", "A webhook").put("additionalProperties", false);
        ObjectNode fields = schema.putObject("properties");
        fields.set("name", SchemaParts.text("Its name", 63).put("pattern", "^" + SchemaParts.LABEL + "$"));
        fields.set("url", SchemaParts.text("Where it goes: http or https", LONGEST_URL));
        fields.set("secret", SchemaParts.text("Signs each request; never shown again", LONGEST_SECRET));
        fields.set("format", SchemaParts.words("What the body looks like", List.of("json", "slack")));
        fields.set(
                "minSeverity",
                SchemaParts.words("What matters less is not sent", List.of("low", "medium", "high", "critical")));
        schema.putArray("required").add("name").add("url");
        return schema;
    }

    private static void complete(ObjectNode node, Webhook known) {
        if (node.path("secret").asText().equals(Secret.HIDDEN)) {
            known.secret().ifPresent(secret -> node.put("secret", secret.value()));
        }
        if (node.path("url").asText().equals(known.shownUrl())) {
            node.put("url", known.url().toString());
        }
    }
}
