package dev.berth.host.linux;

import dev.berth.host.UserDirectory;
import dev.berth.model.User;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Users and groups of {@code /etc/passwd} and {@code /etc/group} (passwd(5), group(5)). Those of directory services are not
 * among them: a question there could wait for a network while somebody waits to be let in.
 */
public final class UserFiles implements UserDirectory {
    private static final int PASSWD_FIELDS = 7;
    private static final int GROUP_FIELDS = 4;

    private final Path passwd;
    private final Path group;

    UserFiles(Path passwd, Path group) {
        this.passwd = passwd;
        this.group = group;
    }

    /** The machine's own. */
    public static UserFiles system() {
        return new UserFiles(Path.of("/etc/passwd"), Path.of("/etc/group"));
    }

    @Override
    public User of(long uid) throws IOException {
        String wanted = Long.toString(uid);
        return users().stream()
                .filter(fields -> fields[2].equals(wanted))
                .findFirst()
                .flatMap(UserFiles::user)
                .orElseGet(() -> new User(uid, Optional.empty()));
    }

    @Override
    public Optional<User> named(String name) throws IOException {
        return users().stream()
                .filter(fields -> fields[0].equals(name))
                .findFirst()
                .flatMap(UserFiles::user);
    }

    @Override
    public boolean isMember(User user, String wanted) throws IOException {
        Optional<String[]> found = lines(group, GROUP_FIELDS).stream()
                .filter(fields -> fields[0].equals(wanted))
                .findFirst();
        if (found.isEmpty()) {
            return false;
        }
        List<String> members = List.of(found.get()[3].split(",", -1));
        String gid = found.get()[2];
        // The file is asked for the name, since a uid may have several.
        return users().stream()
                .filter(fields -> fields[2].equals(Long.toString(user.uid())))
                .anyMatch(fields -> fields[3].equals(gid) || members.contains(fields[0]));
    }

    private List<String[]> users() throws IOException {
        return lines(passwd, PASSWD_FIELDS);
    }

    private static Optional<User> user(String[] fields) {
        try {
            return Optional.of(User.of(Long.parseLong(fields[2]), fields[0]));
        } catch (NumberFormatException garbled) {
            return Optional.empty();
        }
    }

    /** Lines that make no sense are passed over, as the C library does. */
    private static List<String[]> lines(Path file, int fields) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1)
                .lines()
                .map(line -> line.split(":", -1))
                .filter(line -> line.length == fields && !line[0].isEmpty())
                .toList();
    }
}
