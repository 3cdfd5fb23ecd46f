package dev.berth.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.Ports;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a {@code berth.yaml} of a {@code Procfile}: a line for each process, {@code name: command}. */
public final class ProcfileImport {
    private static final Pattern LINE = Pattern.compile("([A-Za-z0-9_.-]+)\\s*:\\s*(.+)");

    /** A number after an option that means the port, in most programs that have one. */
    private static final Pattern OPTION = Pattern.compile("(?<=\\s)(-p|--port)([ =])(\\d{1,5})(?=\\s|$)");

    private static final Pattern USUAL = Pattern.compile("\\$\\{PORT:?-(\\d{1,5})}");
    private static final Pattern TOLD = Pattern.compile("\\$\\{?PORT\\b");

    private ProcfileImport() {}

    public static Imported read(String text) {
        Imported imported = new Imported();
        int number = 0;
        for (String line : text.lines().map(String::strip).toList()) {
            number++;
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                imported.warn("line " + number + " was left out: \"name: command\" is wanted");
            } else if (parts.group(1).equals("release")) {
                imported.warn(
                        "release was left out: it runs once before a deployment, and Berth keeps services running."
                                + " As \"install\" of a service it would run before its start");
            } else {
                process(imported, parts.group(1), parts.group(2));
            }
        }
        if (imported.services().isEmpty()) {
            imported.warn("no process was found in it");
        }
        return imported;
    }

    private static void process(Imported imported, String name, String command) {
        ObjectNode service = imported.service(name);
        Matcher option = OPTION.matcher(command);
        Matcher usual = USUAL.matcher(command);
        String text = command;
        if (option.find() && isPort(option.group(3))) {
            service.put("port", Integer.parseInt(option.group(3)));
            text = new StringBuilder(command)
                    .replace(option.start(3), option.end(3), "{port}")
                    .toString();
            imported.warn(
                    name + ": the port " + option.group(3) + " of its command became {port}, so that it can be moved");
        } else if (usual.find() && isPort(usual.group(1))) {
            service.put("port", Integer.parseInt(usual.group(1)));
        } else if (!TOLD.matcher(command).find()) {
            imported.warn(
                    name + " doesn't mention $PORT: Berth gives it a port all the same, and sees it as ready when it"
                            + " listens there; name the port that it has, or leave it to another tool");
        }
        service.put("command", text);
    }

    static boolean isPort(String text) {
        return text.matches("\\d{1,5}") && Ports.isValid(Integer.parseInt(text));
    }
}
