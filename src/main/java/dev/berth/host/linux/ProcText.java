package dev.berth.host.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Parsers of the other texts under {@code /proc} and of {@code /etc/passwd}. Pure. */
final class ProcText {
    /** Auxiliary vector entry with the clock ticks per second (getauxval(3)). */
    private static final long AT_CLKTCK = 17;

    private static final long AT_PAGESZ = 6;

    /** Of numbers that surely fit a long. */
    private static final int MOST_DIGITS = 18;

    private ProcText() {}

    /**
     * The strings of {@code cmdline}. Programs that rewrite their title leave NULs or blanks behind it, which are no arguments.
     */
    static List<String> commandLine(String text) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == '\0' || text.charAt(end - 1) == ' ')) {
            end--;
        }
        return end == 0 ? List.of() : List.of(text.substring(0, end).split("\0", -1));
    }

    /** The variables of {@code environ} that are wanted; the first one of a name counts, as for getenv(3). */
    static Map<String, String> environment(String text, Set<String> wanted) {
        Map<String, String> found = new LinkedHashMap<>();
        int end;
        // Only ever forwards: a process may have written millions of NULs over its variables, and one more '=' behind
        // them.
        int equals = text.indexOf('=');
        for (int start = 0; start < text.length() && equals >= 0; start = end + 1) {
            int next = text.indexOf('\0', start);
            end = next < 0 ? text.length() : next;
            if (equals < start) {
                equals = text.indexOf('=', start);
            }
            if (equals > start && equals < end) {
                String name = text.substring(start, equals);
                if (wanted.contains(name)) {
                    found.putIfAbsent(name, text.substring(equals + 1, end));
                }
            }
        }
        return found;
    }

    /** One variable of {@code environ}, as {@link #environment} finds it, in a fraction of the time. */
    static Optional<String> variable(String text, String name) {
        String start = name + "=";
        int before = text.startsWith(start) ? 0 : text.indexOf("\0" + start);
        if (before < 0) {
            return Optional.empty();
        }
        int from = text.indexOf('=', before) + 1;
        int end = text.indexOf('\0', from);
        return Optional.of(text.substring(from, end < 0 ? text.length() : end));
    }

    /** Whole seconds in {@code /proc/uptime}: since the boot that start times count from. */
    static OptionalLong uptimeSeconds(String uptime) {
        int point = uptime.indexOf('.');
        return point > 0 ? number(uptime.substring(0, point)) : OptionalLong.empty();
    }

    /** Pages in RAM in {@code statm}, the second number; empty when there is none. */
    static OptionalLong residentPages(String statm) {
        String[] fields = statm.split(" ", 3);
        return fields.length == 3 ? number(fields[1]) : OptionalLong.empty();
    }

    /** The effective uid in {@code status}: what the process may do, as ps(1) shows it. */
    static OptionalLong effectiveUid(String status) {
        int before = status.indexOf("\nUid:\t");
        if (before < 0) {
            return OptionalLong.empty();
        }
        int end = status.indexOf('\n', before + 1);
        String[] fields =
                status.substring(before + 1, end < 0 ? status.length() : end).split("\t");
        return fields.length > 2 ? number(fields[2]) : OptionalLong.empty();
    }

    /** Boot time in {@code /proc/stat}, in seconds since 1970. */
    static OptionalLong bootSeconds(String stat) {
        for (String line : stat.split("\n")) {
            if (line.startsWith("btime ")) {
                return number(line.substring("btime ".length()).trim());
            }
        }
        return OptionalLong.empty();
    }

    /** Empty for anything else: what stands in for /proc in a container (lxcfs, gVisor) writes files of its own. */
    private static OptionalLong number(String text) {
        if (text.isEmpty() || text.length() > MOST_DIGITS) {
            return OptionalLong.empty();
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.of(Long.parseLong(text));
    }

    /** Clock ticks per second in {@code /proc/self/auxv} of a 64-bit process. */
    static OptionalLong ticksPerSecond(byte[] auxv) {
        return auxiliary(auxv, AT_CLKTCK);
    }

    /** Bytes of a page of memory, from the same. */
    static OptionalLong pageBytes(byte[] auxv) {
        return auxiliary(auxv, AT_PAGESZ);
    }

    private static OptionalLong auxiliary(byte[] auxv, long wanted) {
        ByteBuffer pairs = ByteBuffer.wrap(auxv).order(ByteOrder.nativeOrder());
        while (pairs.remaining() >= 2 * Long.BYTES) {
            long type = pairs.getLong();
            long value = pairs.getLong();
            if (type == wanted && value > 0) {
                return OptionalLong.of(value);
            }
        }
        return OptionalLong.empty();
    }

    /** uid → name of {@code /etc/passwd}; the first name of a uid counts. Lines that make no sense are passed over. */
    static Map<Long, String> passwd(List<String> lines) {
        Map<Long, String> names = new HashMap<>();
        for (String line : lines) {
            String[] fields = line.split(":", -1);
            if (fields.length >= 4 && !fields[0].isEmpty() && fields[2].matches("[0-9]{1,10}")) {
                names.putIfAbsent(Long.parseLong(fields[2]), fields[0]);
            }
        }
        return Map.copyOf(names);
    }

    /** The inode of a link such as {@code socket:[12345]} under {@code /proc/PID/fd}. */
    static Optional<Long> socketInode(String link) {
        if (!link.startsWith("socket:[") || !link.endsWith("]")) {
            return Optional.empty();
        }
        String digits = link.substring("socket:[".length(), link.length() - 1);
        return digits.matches("[0-9]{1,18}") ? Optional.of(Long.parseLong(digits)) : Optional.empty();
    }
}
