package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.model.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserFilesTest {
    @TempDir
    Path directory;

    private Path group;
    private UserFiles users;

    @BeforeEach
    void write() throws IOException {
        Path passwd = directory.resolve("passwd");
        group = directory.resolve("group");
        Files.writeString(passwd, """
                root:x:0:0:root:/root:/bin/bash
                ann:x:1001:1001:Ann:/home/ann:/bin/sh
                anna:x:1001:1001:Ann's other name:/home/ann:/bin/sh
                carl:x:1003:50:Carl:/home/carl:/bin/sh
                broken:x:nobody
                +nis::::::
                """);
        Files.writeString(group, "berth-admin:x:50:ben,anna\nempty:x:51:\nbroken:x\n");
        users = new UserFiles(passwd, group);
    }

    @Test
    void findsUsersByNameAndUid() throws IOException {
        assertThat(users.named("carl")).contains(User.of(1003, "carl"));
        assertThat(users.named("broken")).isEmpty();
        assertThat(users.named("+nis")).isEmpty();
        assertThat(users.of(1001)).isEqualTo(User.of(1001, "ann"));
        assertThat(users.of(4711)).isEqualTo(new User(4711, Optional.empty()));
    }

    @Test
    void aMemberIsNamedByTheGroupUnderAnyOfTheNamesOrHasItAsItsOwn() throws IOException {
        assertThat(users.isMember(User.of(1001, "ann"), "berth-admin")).isTrue();
        assertThat(users.isMember(User.of(1003, "carl"), "berth-admin")).isTrue();
        // Named there, and no user of this machine: the name alone is nobody's.
        assertThat(users.isMember(User.of(1002, "ben"), "berth-admin")).isFalse();
        assertThat(users.isMember(User.of(1001, "ann"), "empty")).isFalse();
        assertThat(users.isMember(User.of(1001, "ann"), "missing")).isFalse();
    }

    @Test
    void whoIsTakenOutIsOutWithTheNextQuestion() throws IOException {
        assertThat(users.isMember(User.of(1001, "ann"), "berth-admin")).isTrue();
        Files.writeString(group, "berth-admin:x:50:ben\n");
        assertThat(users.isMember(User.of(1001, "ann"), "berth-admin")).isFalse();
        Files.delete(group);
        assertThatThrownBy(() -> users.isMember(User.of(1001, "ann"), "berth-admin"))
                .isInstanceOf(IOException.class);
    }
}
