package dev.berth.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class GateRulesTest {
    private static final int PORT = 7171;

    @TestFactory
    Stream<DynamicTest> oursAre() {
        return Stream.of(
                        "localhost:7171",
                        "LOCALHOST:7171",
                        "127.0.0.1:7171",
                        "127.9.8.7:7171",
                        "[::1]:7171",
                        "berth.test",
                        "Berth.Test:1")
                .map(host -> DynamicTest.dynamicTest(
                        host, () -> assertThat(host(Optional.of(host))).isEmpty()));
    }

    @TestFactory
    Stream<DynamicTest> notOursAre() {
        return Stream.of(
                        "localhost",
                        "localhost:7172",
                        "localhost.:7171",
                        "127.0.0.1",
                        "127.0.0.1:80",
                        "127.0.0.1.evil.com:7171",
                        "127.1:7171",
                        "127.0.0.256:7171",
                        "0.0.0.0:7171",
                        "evil.com:7171",
                        "localhost.evil.com:7171",
                        "user@localhost:7171",
                        "localhost:7171@evil.com",
                        "[::1%lo]:7171",
                        "[::ffff:127.0.0.1]:7171",
                        "::1:7171",
                        "[::1]",
                        "localhost:99999",
                        "localhost:7171 ",
                        "")
                .map(host -> DynamicTest.dynamicTest(
                        '"' + host + '"',
                        () -> assertThat(host(Optional.of(host))).isPresent()));
    }

    @Test
    void aRequestWithoutAHostIsRefused() {
        assertThat(host(Optional.empty())).isPresent();
    }

    @Test
    void programsSendNoOriginAndPass() {
        assertThat(OriginRule.refusal(Optional.empty(), Optional.empty(), Optional.of("localhost:7171")))
                .isEmpty();
    }

    @Test
    void onlyTheOwnPagePasses() {
        Optional<String> host = Optional.of("localhost:7171");
        assertThat(OriginRule.refusal(Optional.of("same-origin"), Optional.of("http://localhost:7171"), host))
                .isEmpty();
        assertThat(OriginRule.refusal(Optional.of("none"), Optional.empty(), host))
                .isEmpty();
        for (String site : List.of("same-site", "cross-site", "Cross-Site", "anything")) {
            assertThat(OriginRule.refusal(Optional.of(site), Optional.empty(), host))
                    .as(site)
                    .isPresent();
        }
        for (String origin : List.of(
                "http://localhost:3000",
                "https://localhost:7171",
                "null",
                "http://127.0.0.1:7171",
                "http://evil.com")) {
            assertThat(OriginRule.refusal(Optional.empty(), Optional.of(origin), host))
                    .as(origin)
                    .isPresent();
        }
        assertThat(OriginRule.refusal(Optional.empty(), Optional.of("http://localhost"), Optional.empty()))
                .isPresent();
    }

    @Test
    void aChangeHasABodyThatNoFormCanSend() {
        assertThat(BodyRule.refusal("PUT", Optional.of("application/json; charset=utf-8"), true))
                .isEmpty();
        assertThat(BodyRule.refusal("PATCH", Optional.of("application/merge-patch+json"), true))
                .isEmpty();
        assertThat(BodyRule.refusal("POST", Optional.empty(), false)).isEmpty();
        assertThat(BodyRule.refusal("GET", Optional.of("text/plain"), false)).isEmpty();
        assertThat(BodyRule.refusal("POST", Optional.of("text/plain"), true)).isPresent();
        // As curl -d '' sends it; the Origin tells where a browser's form comes from.
        assertThat(BodyRule.refusal("POST", Optional.of("application/x-www-form-urlencoded"), false))
                .isEmpty();
        assertThat(BodyRule.refusal("POST", Optional.of("application/x-www-form-urlencoded"), true))
                .isPresent();
        assertThat(BodyRule.refusal("PUT", Optional.empty(), true)).isPresent();
    }

    @Test
    void aStrangersBrowserIsGivenThePageAndNothingElse() {
        Optional<String> browser = Optional.of("text/html,*/*;q=0.8");
        assertThat(PageAddress.is("GET", "/", "/", browser)).isTrue();
        assertThat(PageAddress.is("HEAD", "/page/app.js", "/page/app.js", Optional.empty()))
                .isTrue();
        assertThat(PageAddress.is("GET", "/", "/", Optional.of("application/json")))
                .isFalse();
        assertThat(PageAddress.is("POST", "/", "/", browser)).isFalse();
        assertThat(PageAddress.is("GET", "/services", "/services", browser)).isFalse();
        assertThat(PageAddress.is("GET", "/page/../services", "/services", browser))
                .isFalse();
        assertThat(PageAddress.is("GET", "/pages", "/pages", browser)).isFalse();
    }

    @Test
    void whatIsSaidTwiceIsNotRead() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("Host", "localhost:7171");
        assertThat(FormRule.refusal(Optional.of("/services"), headers)).isEmpty();
        assertThat(FormRule.refusal(Optional.of("http://localhost:7171/services"), headers))
                .isPresent();
        assertThat(FormRule.refusal(Optional.of("*"), headers)).isPresent();
        for (String name :
                List.of("host", "origin", "sec-fetch-site", "content-type", "content-length", "authorization")) {
            MultiMap twice = MultiMap.caseInsensitiveMultiMap()
                    .add(name, "same-origin")
                    .add(name.toUpperCase(Locale.ROOT), "cross-site");
            assertThat(FormRule.refusal(Optional.of("/services"), twice))
                    .as(name)
                    .isPresent();
        }
    }

    private static Optional<String> host(Optional<String> host) {
        return HostRule.refusal(host, PORT, List.of("berth.test"));
    }
}
