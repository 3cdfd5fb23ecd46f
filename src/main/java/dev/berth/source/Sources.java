package dev.berth.source;

import dev.berth.plugin.Plugins;
import java.util.Map;
import java.util.Optional;

/** The sources that there are, by name. */
public final class Sources {
    private static final Plugins<DeclarationSource> PLUGINS = new Plugins<>(
            DeclarationSource.class, "source of declarations", "sources of declarations", DeclarationSource::name);

    private Sources() {}

    /** The watched file, when there is one, and those of the loader's jars. */
    public static Plugins.Found<DeclarationSource> discover(Optional<WatchedFile> file, ClassLoader loader) {
        return PLUGINS.discover(
                file.<Map<String, DeclarationSource>>map(each -> Map.of(WatchedFile.NAME, each))
                        .orElseGet(Map::of),
                loader);
    }
}
