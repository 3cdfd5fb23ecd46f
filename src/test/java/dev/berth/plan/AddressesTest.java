package dev.berth.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.Protocol;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {
    @ParameterizedTest(name = "wanting {0}, {1} (dual: {2}) is in the way: {3}")
    @CsvSource({
        "127.0.0.1, 127.0.0.1, false, true",
        "127.0.0.1, 0.0.0.0, false, true",
        "127.0.0.1, ::, true, true",
        "127.0.0.1, ::, false, false",
        "127.0.0.1, ::1, false, false",
        "127.0.0.1, 192.168.1.5, false, false",
        "127.0.0.1, ::ffff:127.0.0.1, false, true",
        "127.0.0.1, ::ffff:0.0.0.0, false, true",
        "127.0.0.1, 127.0.0.2, false, false",
        "localhost, 127.0.0.1, false, true",
        "0.0.0.0, 127.0.0.1, false, true",
        "0.0.0.0, 192.168.1.5, false, true",
        "0.0.0.0, ::, true, true",
        "0.0.0.0, ::, false, false",
        "0.0.0.0, ::1, false, false",
        "::, 127.0.0.1, false, true",
        "::, ::1, false, true",
        "::, ::, false, true",
        "::1, ::1, false, true",
        "::1, 0:0:0:0:0:0:0:1, false, true",
        "[::1], ::1, false, true",
        "::1, ::, false, true",
        "::1, ::, true, true",
        "::1, 0.0.0.0, false, false",
        "::1, 127.0.0.1, false, false",
        "fe80::1%eth0, fe80::1, false, true",
        // What can't be told is in the way.
        "my-host, 10.0.0.1, false, true",
        "127.0.0.1, not:an:address, false, true",
    })
    void collides(String host, String address, boolean dualStack, boolean expected) {
        Listener listener = new Listener(
                Protocol.TCP,
                address,
                8000,
                dualStack,
                1000,
                1,
                OptionalLong.of(7),
                new Ownership.Unseen("not looked", false));
        assertThat(Addresses.collides(host, listener)).isEqualTo(expected);
    }
}
