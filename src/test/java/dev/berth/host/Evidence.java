package dev.berth.host;

import dev.berth.host.HolderEvidence.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Evidence of a process of ann's in her session, unless told otherwise; its ancestors get pids from 812 up. */
final class Evidence {
    static final long ANN = 1000;
    static final String SESSION = "/user.slice/user-1000.slice/session-2.scope";

    private final Program process;
    private final List<Program> ancestors = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private long uid = ANN;
    private boolean terminal;
    private String cgroup = SESSION;

    private Evidence(Program process) {
        this.process = process;
    }

    static Evidence process(String comm, String command) {
        return new Evidence(program(811, comm, command));
    }

    /** A title that a program gave itself is one argument. */
    private static Program program(long pid, String comm, String command) {
        boolean title = command.matches("(PM2|nginx:|gunicorn:|php-fpm:|puma|sshd:).*");
        List<String> arguments = title ? List.of(command) : Arrays.asList(command.split(" "));
        return new Program(pid, comm, arguments, Optional.empty());
    }

    Evidence below(String comm, String command) {
        ancestors.add(program(812 + ancestors.size(), comm, command));
        return this;
    }

    Evidence of(long user) {
        uid = user;
        return this;
    }

    Evidence in(String path) {
        cgroup = path;
        return this;
    }

    Evidence with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Evidence inTerminal() {
        terminal = true;
        return this;
    }

    HolderEvidence build() {
        return new HolderEvidence(process, ancestors, uid, false, terminal, List.of(cgroup), environment);
    }
}
