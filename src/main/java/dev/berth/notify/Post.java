package dev.berth.notify;

import dev.berth.model.Secret;
import dev.berth.model.Webhook;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One POST to one address. Written on a socket, because the JDK's client looks the name up by itself: what was checked must
 * be what is connected to. No redirect is followed, no proxy or cookie used, and of the answer only the head is read, in a
 * bounded time.
 */
final class Post {
    private static final int LONGEST_HEAD = 16 * 1024;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})(?: .*)?");
    private static final Pattern RETRY_AFTER =
            Pattern.compile("^retry-after:[ \\t]*([0-9]{1,9})[ \\t]*$", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

    /** A receiver that asks for longer is asked again after this. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_EARLY = 425;
    private static final int TOO_MANY = 429;

    private final Supplier<AllowList> allowed;
    private final Duration timeout;
    private final LongSupplier nanos;

    /** @param timeout of a whole attempt, without the look-up of the name */
    Post(Supplier<AllowList> allowed, Duration timeout, LongSupplier nanos) {
        this.allowed = allowed;
        this.timeout = timeout;
        this.nanos = nanos;
    }

    Sent send(Webhook webhook, String body, Optional<String> signature, String id) {
        URI url = webhook.url();
        if (webhook.secret()
                        .filter(secret -> secret.value().equals(Secret.HIDDEN))
                        .isPresent()
                || Optional.ofNullable(url.getPath()).orElse("").equals("/" + Secret.HIDDEN)
                || Secret.HIDDEN.equals(url.getQuery())) {
            return new Sent.Refused("its secret or address was hidden where the settings were copied from; set it");
        }
        AllowList list = allowed.get();
        Optional<String> refusal = list.refusal(url);
        if (refusal.isPresent()) {
            return new Sent.Refused(refusal.get());
        }
        try {
            InetAddress address = InetAddress.getByName(AllowList.host(url));
            Optional<String> closed = list.refusal(url, address);
            if (closed.isPresent()) {
                return new Sent.Refused(closed.get());
            }
            return judge(exchange(url, address, request(url, body, signature, id)));
        } catch (SocketTimeoutException late) {
            return new Sent.Failed("no answer within " + timeout.toSeconds() + " s", Optional.empty());
        } catch (IOException failed) {
            return new Sent.Failed(reason(failed), Optional.empty());
        }
    }

    private static String reason(IOException failed) {
        String words = Optional.ofNullable(failed.getMessage()).orElse("");
        return failed.getClass().getSimpleName().replace("Exception", "") + (words.isEmpty() ? "" : ": " + words);
    }

    private String exchange(URI url, InetAddress address, byte[] request) throws IOException {
        long end = nanos.getAsLong() + timeout.toNanos();
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(address, AllowList.port(url)), left(end));
            plain.setSoTimeout(left(end));
            try (Socket socket = "https".equalsIgnoreCase(url.getScheme()) ? tls(plain, url) : plain) {
                OutputStream out = socket.getOutputStream();
                out.write(request);
                out.flush();
                return head(socket, end);
            }
        }
    }

    private static Socket tls(Socket plain, URI url) throws IOException {
        String host = AllowList.host(url);
        SSLSocket socket = (SSLSocket)
                ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(plain, host, AllowList.port(url), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        if (!host.matches("[0-9.]+|.*:.*")) {
            parameters.setServerNames(List.of(new SNIHostName(host)));
        }
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private String head(Socket socket, long end) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        byte[] buffer = new byte[1024];
        while (head.length() < LONGEST_HEAD) {
            socket.setSoTimeout(left(end));
            int count = in.read(buffer);
            if (count < 0) {
                break;
            }
            head.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
            int whole = head.indexOf("\r\n\r\n");
            if (whole >= 0) {
                return head.substring(0, whole).replace("\r\n", "\n");
            }
        }
        return head.toString();
    }

    private int left(long end) throws SocketTimeoutException {
        long millis = (end - nanos.getAsLong()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException("the time is up");
        }
        return (int) millis;
    }

    private static byte[] request(URI url, String body, Optional<String> signature, String id) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String path = Optional.ofNullable(url.getRawPath())
                        .filter(given -> !given.isEmpty())
                        .orElse("/")
                + Optional.ofNullable(url.getRawQuery())
                        .map(query -> "?" + query)
                        .orElse("");
        byte[] head = ("POST " + path + " HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\nUser-Agent: Berth\r\n"
                        + "Content-Type: application/json\r\nContent-Length: " + content.length + "\r\nBerth-Event: "
                        + id
                        + "\r\n"
                        + signature
                                .map(each -> "Berth-Signature: " + each + "\r\n")
                                .orElse("")
                        + "Connection: close\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] whole = new byte[head.length + content.length];
        System.arraycopy(head, 0, whole, 0, head.length);
        System.arraycopy(content, 0, whole, head.length, content.length);
        return whole;
    }

    private static Sent judge(String head) {
        Matcher line = STATUS.matcher(head.lines().findFirst().orElse(""));
        if (!line.matches()) {
            return new Sent.Failed("what answers does not speak HTTP", Optional.empty());
        }
        int status = Integer.parseInt(line.group(1));
        if (status / 100 == 2) {
            return new Sent.Delivered(status);
        }
        if (status / 100 == 3) {
            return new Sent.Refused("it answered " + status + ", and redirects are not followed");
        }
        boolean later = status / 100 == 5 || status == REQUEST_TIMEOUT || status == TOO_EARLY || status == TOO_MANY;
        String why = "it answered " + status;
        return later ? new Sent.Failed(why, pause(head)) : new Sent.Refused(why);
    }

    private static Optional<Duration> pause(String head) {
        Matcher asked = RETRY_AFTER.matcher(head);
        return asked.find()
                ? Optional.of(Duration.ofSeconds(Long.parseLong(asked.group(1))))
                        .map(pause -> pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause)
                : Optional.empty();
    }
}
