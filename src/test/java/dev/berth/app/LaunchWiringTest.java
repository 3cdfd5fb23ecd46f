package dev.berth.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchWiringTest {
    @TempDir
    Path base;

    private final LaunchWiring wiring = new LaunchWiring();

    @Test
    void theLogDirectoryOfAStartWithoutAMemoryGoesWhenNothingWasWrittenThere() throws Exception {
        Path logs = Files.createDirectories(base.resolve("logs/shop")).getParent();
        wiring.close(new LaunchWiring.LogDirectory(logs));
        assertThat(base).isEmptyDirectory();
    }

    @Test
    void whatServicesWroteStays() throws Exception {
        Path logs = base.resolve("logs");
        Files.createDirectories(logs.resolve("blog"));
        Files.createDirectories(logs.resolve("shop"));
        Path log = Files.writeString(logs.resolve("shop/web.log"), "listening\n");
        wiring.close(new LaunchWiring.LogDirectory(logs));
        assertThat(log).hasContent("listening");
        assertThat(logs.resolve("blog")).as("nobody wrote there").doesNotExist();
    }
}
