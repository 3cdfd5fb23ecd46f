package dev.berth.host;

import dev.berth.host.HolderEvidence.Program;
import java.util.Optional;
import java.util.Set;

/** Programs in which people write programs; their terminals start much of what holds ports. */
final class Ides {
    private static final Set<String> NAMES = Set.of(
            "code",
            "code-insiders",
            "code-server",
            "codium",
            "cursor",
            "windsurf",
            "zed",
            "zed-editor",
            "idea",
            "pycharm",
            "webstorm",
            "phpstorm",
            "goland",
            "clion",
            "rider",
            "rubymine",
            "rustrover",
            "datagrip",
            "fleet",
            "eclipse",
            "sublime_text",
            "nvim",
            "vim",
            "emacs",
            "theia",
            "Xcode");

    private Ides() {}

    static boolean isOne(Program program) {
        return nameOf(program).isPresent();
    }

    static Optional<String> nameOf(Program program) {
        Optional<String> byName =
                program.names().stream().filter(NAMES::contains).findFirst();
        if (byName.isPresent()) {
            return byName;
        }
        // An editor's remote half brings a Node of its own; JetBrains' programs are a JVM.
        if (program.executable()
                .filter(path -> path.contains("/.vscode-server/"))
                .isPresent()) {
            return Optional.of("code (remote)");
        }
        return program.title().contains("-Didea.platform.prefix=") ? Optional.of("a JetBrains IDE") : Optional.empty();
    }
}
