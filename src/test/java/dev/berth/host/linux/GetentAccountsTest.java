package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.host.Account;
import dev.berth.host.AccountException;
import dev.berth.model.User;
import dev.berth.testing.Tools;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GetentAccountsTest {
    @Test
    void aLineOfTheDatabaseIsAnAccount() {
        assertThat(GetentAccounts.passwd("ann:x:1000:1001:Ann,,,:/home/ann:/bin/zsh\n", 1000))
                .hasValue(new Account(User.of(1000, "ann"), 1001, List.of(1001L), Path.of("/home/ann"), "/bin/zsh"));
        assertThat(GetentAccounts.passwd("ann:x:1000:1001:::", 1000).orElseThrow())
                .extracting(Account::home, Account::shell)
                .containsExactly(Path.of("/"), "/bin/sh");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ann",
                ":x:1000:1000::/:/bin/sh",
                "1000:x:0:0::/root:/bin/sh",
                "ann:x:1000:x::/:/bin/sh",
                "ann:x:01000:1000::/:/bin/sh",
                "ann:x:1000:1000:/"
            })
    void aLineThatIsNotThisUsersIsNoAccount(String line) {
        assertThat(GetentAccounts.passwd(line, 1000)).isEmpty();
    }

    @Test
    void rootIsKnownAndAnUnknownUidIsRefusedWithItsReason() throws Exception {
        Tools.requireLinux();
        Tools.require("getent");
        GetentAccounts accounts = GetentAccounts.open(System::nanoTime);

        Account root = accounts.of(new User(0, Optional.of("somebody-else")));
        assertThat(root.name()).isEqualTo("root");
        assertThat(root.gid()).isZero();
        assertThat(root.groups()).contains(0L);
        assertThatThrownBy(() -> accounts.of(new User(3_999_999_999L, Optional.of("root"))))
                .isInstanceOf(AccountException.class)
                .hasMessageContaining("there is no user with the uid 3999999999")
                .hasMessageContaining("nothing is run as them");
        assertThatThrownBy(() -> accounts.of(new User(4_294_967_295L, Optional.empty())))
                .isInstanceOf(AccountException.class);
        assertThatThrownBy(() -> accounts.of(new User(-1, Optional.empty()))).isInstanceOf(AccountException.class);
    }
}
