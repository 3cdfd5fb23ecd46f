package dev.berth.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.Secret;
import dev.berth.model.Webhook;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What is sent, and its signature. */
final class Payload {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ALGORITHM = "HmacSHA256";

    private Payload() {}

    static String of(Notice notice, Webhook.Format format) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (format == Webhook.Format.SLACK) {
            body.put(
                    "text",
                    escaped("[" + severity(notice) + "] " + notice.title())
                            + (notice.text().isEmpty() ? "" : "\n" + escaped(notice.text())));
        } else {
            body.put("id", notice.id())
                    .put("type", notice.type())
                    .put("severity", severity(notice))
                    .put("at", notice.at().toString())
                    .put("title", notice.title())
                    .put("text", notice.text());
            ObjectNode facts = body.putObject("facts");
            new TreeMap<>(notice.facts()).forEach(facts::put);
        }
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException defect) {
            throw new UncheckedIOException(defect);
        }
    }

    /** {@code t=SECONDS,v1=HEX} over the seconds, a dot and the body: who has the secret can tell it is ours, and how old. */
    static String signature(Secret secret, Instant at, String body) {
        long seconds = at.getEpochSecond();
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.value().getBytes(StandardCharsets.UTF_8), ALGORITHM));
            byte[] sum = mac.doFinal((seconds + "." + body).getBytes(StandardCharsets.UTF_8));
            return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(sum);
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, impossible);
        }
    }

    private static String severity(Notice notice) {
        return notice.severity().name().toLowerCase(Locale.ROOT);
    }

    /** Slack's own three: what is not escaped could be a link or call everybody. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
