package dev.berth.host.linux;

import dev.berth.host.Launcher;
import dev.berth.model.Command;
import dev.berth.testing.Tools;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SetsidLauncherTest extends RealLauncherContract {
    private ProcfsProcessReader reader;

    @Override
    Launcher create(PidfdProcessControl control, ProcfsProcessReader reader, String path) {
        Tools.require("setsid");
        this.reader = reader;
        return new SetsidLauncher(reader, path, Optional.empty());
    }

    @Test
    void withoutItsOwnToolsItSaysWhichIsMissing() {
        SetsidLauncher without = new SetsidLauncher(reader, directory.toString(), Optional.empty());

        assertRefused(without, spec(new Command.Shell("true"), PATH), "\"setsid\"");
    }
}
