package dev.berth.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathTextTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("HOME", "/home/ann", "APP", "/srv/my app", "NAME", "web", "EMPTY", " ");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "src|/base/src",
                "./src/../lib|/base/lib",
                ".|/base",
                "..|/",
                "/srv/x y|/srv/x y",
                "~|/home/ann",
                "~/src|/home/ann/src",
                "${HOME}/src|/home/ann/src",
                "${APP}|/srv/my app",
                "services/${NAME}/src|/base/services/web/src",
                "a~b|/base/a~b",
                "$NAME|/base/$NAME",
                "${APP}/${NAME}|/srv/my app/web"
            })
    void isExpandedAndSeenFromTheBase(String text, String expected) {
        assertThat(PathText.expand(text, ENVIRONMENT, Path.of("/base"))).isEqualTo(Path.of(expected));
    }

    @Test
    void aVariableThatIsNotSetIsNamed() {
        for (String text : new String[] {"${NOWHERE}/x", "x/${EMPTY}"}) {
            assertThatThrownBy(() -> PathText.expand(text, ENVIRONMENT, Path.of("/base")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("which is not set");
        }
        assertThatThrownBy(() -> PathText.expand("~/x", Map.of(), Path.of("/base")))
                .hasMessageContaining("HOME is not set");
    }
}
