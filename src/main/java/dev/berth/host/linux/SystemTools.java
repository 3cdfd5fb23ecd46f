package dev.berth.host.linux;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Programs that root runs on behalf of others: looked for where systems keep their own only, never in a PATH that somebody
 * may have set.
 */
final class SystemTools {
    /** The last one is where NixOS has them. */
    private static final String DIRECTORIES = "/usr/bin:/bin:/usr/sbin:/sbin:/run/current-system/sw/bin";

    private SystemTools() {}

    /** Where it is, absolute; empty when it is not there, or somebody else than root could have put it there. */
    static Optional<Path> find(String name) {
        return ExecutablePath.find(name, DIRECTORIES).filter(SystemTools::isRoots);
    }

    private static boolean isRoots(Path program) {
        return TrustedPath.fault(program).isEmpty() && Files.isExecutable(program);
    }
}
