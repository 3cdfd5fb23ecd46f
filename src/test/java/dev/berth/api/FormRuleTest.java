package dev.berth.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormRuleTest {
    private static Optional<String> accepting(String accept) {
        return FormRule.refusal(
                Optional.of("/services"), MultiMap.caseInsensitiveMultiMap().add("Accept", accept));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*",
                "application/json",
                "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "application/json;charset=utf-8, text/plain,"
            })
    void whatClientsSendPasses(String accept) {
        assertThat(accepting(accept)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "json", "aaaa", "text/plain, json", "a/b/c", "/", "a/"})
    void whatIsNoMediaTypeIsRefusedBeforeTheFrameworkFailsAtIt(String accept) {
        assertThat(accepting(accept)).get().asString().contains("Accept");
    }

    @Test
    void aContentTypeThatIsNoneIsRefusedToo() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("Content-Type", "garbage");

        assertThat(FormRule.refusal(Optional.of("/services"), headers))
                .get()
                .asString()
                .contains("Content-Type");
    }
}
