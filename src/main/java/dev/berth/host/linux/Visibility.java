package dev.berth.host.linux;

import dev.berth.model.Ownership;
import dev.berth.model.User;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/**
 * What Berth can see from where it stands, in words for people.
 *
 * @param uid Berth's own effective user
 * @param hidesProcesses {@code /proc} is mounted so that other users' processes don't show (hidepid)
 * @param namespaces whose processes and sockets show
 */
record Visibility(
        long uid, boolean hidesProcesses, Namespaces namespaces, LongFunction<User> users, CgroupNames cgroups) {
    static Visibility detect(LongFunction<User> users) {
        return new Visibility(
                SocketCalls.geteuid() & 0xffff_ffffL, procHides(), Namespaces.detect(), users, CgroupNames.system());
    }

    private static boolean procHides() {
        try {
            return Files.readAllLines(Path.of("/proc/self/mounts"), StandardCharsets.ISO_8859_1).stream()
                    .anyMatch(Visibility::mountHides);
        } catch (IOException e) {
            return false;
        }
    }

    /** A line of {@code /proc/self/mounts}; the option is written as a number or, since Linux 5.8, as a word. */
    static boolean mountHides(String line) {
        String[] fields = line.split(" ");
        return fields.length > 3
                && fields[1].equals("/proc")
                && List.of(fields[3].split(",")).stream()
                        .anyMatch(option -> option.startsWith("hidepid=")
                                && !option.equals("hidepid=0")
                                && !option.equals("hidepid=off"));
    }

    /** Why nobody was found for the socket, after every process that can be read was looked at. */
    Ownership unseen(InetSocket socket, Denials denials) {
        User creator = users.apply(socket.uid());
        String made = "made by " + creator.display()
                + cgroups.of(socket).map(path -> " in the cgroup " + path).orElse("")
                + ", and no process that Berth may look into has it open";
        String where = "sudo ss -Hp" + (socket.protocol().label().equals("tcp") ? "lt" : "lu") + "n sport = :"
                + socket.localPort();
        if (!denials.isEmpty() || hidesProcesses) {
            String hidden = hidesProcesses
                    ? "other users' processes are hidden (/proc is mounted with hidepid)"
                    : describe(denials) + " can't be read by "
                            + users.apply(uid).display();
            return new Ownership.Unseen(made + "; " + hidden + ". To see it: " + where, false);
        }
        return new Ownership.Unseen(
                made
                        + ": the kernel holds it itself (such as NFS or WireGuard), or a process outside this pid namespace"
                        + " (a container) does, or it is on its way between two processes",
                false);
    }

    /** What a look does not cover. */
    List<String> gaps(Denials denials) {
        List<String> gaps = new ArrayList<>();
        if (hidesProcesses) {
            gaps.add(
                    "other users' processes are hidden (/proc is mounted with hidepid): their sockets show no process");
        } else if (!denials.isEmpty()) {
            gaps.add("the open files of " + describe(denials) + " can't be read by "
                    + users.apply(uid).display() + ": their sockets show no process");
        }
        if (namespaces.pid() == Namespaces.Reach.OWN) {
            gaps.add("Berth runs in a pid namespace of its own (a container): processes outside it are not seen");
        }
        gaps.add(
                namespaces.network() == Namespaces.Reach.OWN
                        ? "Berth runs in a network namespace of its own (a container): the machine's ports and those of"
                                + " other containers are not seen"
                        : "this network namespace only: ports inside containers and other namespaces are not seen");
        return gaps;
    }

    /** Such as {@code 12 processes of root and postgres}. */
    private String describe(Denials denials) {
        List<String> names = denials.byUser().keySet().stream()
                .sorted()
                .map(each -> users.apply(each).display())
                .toList();
        String whose = names.size() <= 3
                ? names.stream().collect(Collectors.joining(", "))
                : String.format(
                        Locale.ROOT, "%s and %d other users", String.join(", ", names.subList(0, 2)), names.size() - 2);
        int count = denials.total();
        return count + (count == 1 ? " process of " : " processes of ") + whose;
    }
}
