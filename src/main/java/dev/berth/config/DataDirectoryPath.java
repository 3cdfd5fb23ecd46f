package dev.berth.config;

import dev.berth.model.Mode;
import dev.berth.model.PathText;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where Berth keeps its state. */
public final class DataDirectoryPath {
    /** Where the Filesystem Hierarchy Standard puts a system service's state. */
    private static final Path OF_THE_MACHINE = Path.of("/var/lib/berth");

    private DataDirectoryPath() {}

    /**
     * The data directory: {@code BERTH_DATA_DIR}; else, for one user, {@code $XDG_STATE_HOME/berth} or
     * {@code ~/.local/state/berth}, and for a whole machine {@code /var/lib/berth}, whoever's environment it is started in.
     *
     * @param base what a relative path starts from
     * @return empty when none is named and there is no home directory to put it in
     * @throws IllegalArgumentException when the path names a variable that isn't set
     */
    public static Optional<Path> resolve(Mode mode, Map<String, String> environment, Path base) {
        Optional<String> named = PathText.given(environment, "BERTH_DATA_DIR");
        if (named.isPresent()) {
            return Optional.of(PathText.expand(named.get(), environment, base));
        }
        if (mode == Mode.SHARED) {
            return Optional.of(OF_THE_MACHINE);
        }
        // The base directory specification says that a relative XDG path is invalid and to be ignored.
        Optional<Path> state =
                PathText.given(environment, "XDG_STATE_HOME").map(Path::of).filter(Path::isAbsolute);
        return state.or(() -> PathText.given(environment, "HOME").map(home -> Path.of(home, ".local", "state")))
                .map(directory -> directory.resolve("berth"));
    }
}
