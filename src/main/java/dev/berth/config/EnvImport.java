package dev.berth.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Makes a {@code berth.yaml} of the ports in a {@code .env}: {@code BACKEND_PORT=8000} is a service {@code backend}. */
public final class EnvImport {
    private static final String SUFFIX = "_PORT";

    private EnvImport() {}

    public static Imported read(Map<String, String> variables) {
        Imported imported = new Imported();
        variables.forEach((name, value) -> {
            boolean alone = name.equals("PORT");
            if (!alone && !(name.endsWith(SUFFIX) && name.length() > SUFFIX.length())) {
                return;
            }
            if (!ProcfileImport.isPort(value.strip())) {
                imported.warn(name + " was left out: its value is no port");
                return;
            }
            ObjectNode service = imported.services()
                    .putObject(Imported.name(alone ? "app" : name.substring(0, name.length() - SUFFIX.length())));
            service.put("port", Integer.parseInt(value.strip()));
        });
        if (imported.services().isEmpty()) {
            imported.warn("no variable called PORT or NAME_PORT was found in it");
        } else {
            imported.warn("these services have no command: Berth guards their ports and starts nothing");
        }
        return imported;
    }
}
