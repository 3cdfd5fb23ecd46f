package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.AddressText;
import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTextTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "1:0:0:0:0:0:0:0, 1::",
        "0:0:0:1:0:0:0:0, 0:0:0:1::",
        "2001:DB8:0:0:0:0:2:1, 2001:db8::2:1"
    })
    void addressesAreWrittenAsPeopleWriteThem(String given, String expected) throws Exception {
        assertThat(AddressText.of(InetAddress.getByName(given))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "00000000000000000000ffff7f000001, 0, 127.0.0.1",
        "00000000000000000000ffff00000000, 0, 0.0.0.0",
        "0000000000000000000000007f000001, 0, ::7f00:1",
        "fe800000000000000000000000000001, 2, fe80::1%2",
        "fe800000000000000000000000000001, 0, fe80::1",
        "20010db8000000000000000000000001, 2, 2001:db8::1"
    })
    void ipv4InsideIpv6AndInterfaces(String bytes, int scope, String expected) {
        assertThat(AddressText.v6(Hex.bytes(bytes), 0, scope)).isEqualTo(expected);
    }
}
