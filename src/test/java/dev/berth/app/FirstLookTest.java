package dev.berth.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class FirstLookTest {
    @Test
    void asksAsThePageDoesUnderTheNameThatIsExpected() throws Exception {
        BlockingQueue<Map.Entry<String, String>> asked = new LinkedBlockingQueue<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(Map.entry(
                    exchange.getRequestURI().getPath(),
                    exchange.getRequestHeaders().getFirst("Host")));
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });
        server.start();
        try {
            String name = "127.0.0.1:" + server.getAddress().getPort();
            new FirstLook(URI.create("http://" + name)).begin();
            assertThat(asked.poll(20, TimeUnit.SECONDS)).isEqualTo(Map.entry("/", name));
            assertThat(asked.poll(20, TimeUnit.SECONDS)).isEqualTo(Map.entry(partOfPage("<script[^>]* src"), name));
            assertThat(asked.poll(20, TimeUnit.SECONDS))
                    .isEqualTo(Map.entry(partOfPage("<link rel=\"stylesheet\" href"), name));
            assertThat(asked.poll(20, TimeUnit.SECONDS))
                    .as("a refusal doesn't end it")
                    .isEqualTo(Map.entry("/ports", name));
        } finally {
            server.stop(0);
        }
    }

    private static String partOfPage(String before) throws IOException {
        try (InputStream page = FirstLook.class.getResourceAsStream("/dev/berth/web/index.html")) {
            Matcher part = Pattern.compile(before + "=\"([^\"]+)\"")
                    .matcher(new String(page.readAllBytes(), StandardCharsets.UTF_8));
            assertThat(part.find()).isTrue();
            return part.group(1);
        }
    }
}
