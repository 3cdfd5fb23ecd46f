package dev.berth.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.model.Mode;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class StartModeTest {
    private static final long ANN = 1000;

    @Test
    void isForOneUserUntilSomebodySaysOtherwise() throws Exception {
        assertThat(StartMode.choose(Map.of(), 0)).isEqualTo(Mode.SINGLE);
        assertThat(StartMode.choose(Map.of("BERTH_MODE", ""), ANN)).isEqualTo(Mode.SINGLE);
        assertThat(StartMode.choose(Map.of("BERTH_MODE", "single"), ANN)).isEqualTo(Mode.SINGLE);
        assertThat(StartMode.choose(Map.of("BERTH_MODE", "shared"), 0)).isEqualTo(Mode.SHARED);
    }

    @TestFactory
    Stream<DynamicTest> aWrongModeEndsTheStartAndIsNamed() {
        return Stream.of("Shared", "multi", "shared,single").map(word -> refused(word, 0));
    }

    @Test
    void onlyRootServesTheWholeMachine() throws Throwable {
        refused("shared", ANN).getExecutable().execute();
    }

    private static DynamicTest refused(String word, long uid) {
        return DynamicTest.dynamicTest(
                word,
                () -> assertThatThrownBy(() -> StartMode.choose(Map.of("BERTH_MODE", word), uid))
                        .hasMessageContaining("BERTH_MODE is \"" + word + "\"")
                        .isInstanceOfSatisfying(
                                StartException.class,
                                refused -> assertThat(refused.exitStatus()).isEqualTo(2)));
    }
}
