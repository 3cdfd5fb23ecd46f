package dev.berth.config;

import dev.berth.model.PathText;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where Berth keeps its state. */
public final class DataDirectoryPath {
    private DataDirectoryPath() {}

    /**
     * The data directory: {@code BERTH_DATA_DIR}, else {@code $XDG_STATE_HOME/berth}, else {@code ~/.local/state/berth}.
     *
     * @param base what a relative path starts from
     * @return empty when none is named and there is no home directory to put it in
     * @throws IllegalArgumentException when the path names a variable that isn't set
     */
    public static Optional<Path> resolve(Map<String, String> environment, Path base) {
        Optional<String> named = PathText.given(environment, "BERTH_DATA_DIR");
        if (named.isPresent()) {
            return Optional.of(PathText.expand(named.get(), environment, base));
        }
        // The base directory specification says that a relative XDG path is invalid and to be ignored.
        Optional<Path> state =
                PathText.given(environment, "XDG_STATE_HOME").map(Path::of).filter(Path::isAbsolute);
        return state.or(() -> PathText.given(environment, "HOME").map(home -> Path.of(home, ".local", "state")))
                .map(directory -> directory.resolve("berth"));
    }
}
