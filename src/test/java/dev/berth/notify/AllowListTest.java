package dev.berth.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowListTest {
    @ParameterizedTest
    @CsvSource({
        "hooks.example.org, https://hooks.example.org/x, true",
        "hooks.example.org, https://HOOKS.example.org:8443/x, true",
        "hooks.example.org:443, https://hooks.example.org/x, true",
        "hooks.example.org:443, http://hooks.example.org/x, false",
        "hooks.example.org, https://evil.hooks.example.org/x, false",
        "hooks.example.org, https://hooks.example.org.evil.net/x, false",
        "127.0.0.1:9000, http://127.0.0.1:9000/, true",
        "127.0.0.1:9000, http://127.0.0.1:9001/, false",
        "[::1]:9000, http://[::1]:9000/, true",
        "10.0.0.0/8, http://10.1.2.3/, true",
        "10.0.0.0/8, http://11.1.2.3/, false",
        "10.0.0.0/8, http://intranet/, false",
    })
    void onlyWhatIsNamed(String entry, URI url, boolean allowed) {
        assertThat(new AllowList(List.of(entry)).refusal(url).isEmpty()).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        // A name that is allowed must not lead to this machine or its neighbours.
        "hooks.example.org, 93.184.216.34, true",
        "hooks.example.org, 127.0.0.1, false",
        "hooks.example.org, 10.0.0.5, false",
        "hooks.example.org, 192.168.1.1, false",
        "hooks.example.org, 169.254.169.254, false",
        "hooks.example.org, 100.64.0.1, false",
        "hooks.example.org, 0.0.0.0, false",
        "hooks.example.org, ::1, false",
        "hooks.example.org, fd00::1, false",
        "hooks.example.org, fe80::1, false",
        "hooks.example.org, ::ffff:127.0.0.1, false",
        "hooks.example.org, 64:ff9b::7f00:1, false",
        "hooks.example.org, 2606:2800:220:1::1, true",
        "'hooks.example.org 10.0.0.5', 10.0.0.5, true",
        "'hooks.example.org 10.0.0.0/8', 10.0.0.5, true",
        "'hooks.example.org 10.0.0.5:80', 10.0.0.5, false",
    })
    void whatANameLeadsToIsLookedAt(String entries, String address, boolean allowed) throws UnknownHostException {
        AllowList list = new AllowList(List.of(entries.split(" ")));
        assertThat(list.refusal(URI.create("https://hooks.example.org/x"), InetAddress.getByName(address))
                        .isEmpty())
                .isEqualTo(allowed);
    }
}
