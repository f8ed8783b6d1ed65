package io.ringmain.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.IpAddress;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressSetTest {
    private static boolean contains(final String address, final String... texts) {
        return AddressSet.parse(List.of(texts)).contains(IpAddress.parse(address));
    }

    @Test
    void shouldHoldAddressesAndNetworksToTheirEdges() {
        assertTrue(contains("192.0.2.7", "192.0.2.7"));
        assertFalse(contains("192.0.2.8", "192.0.2.7"));
        assertTrue(contains("10.0.0.0", "10.0.0.0/8"));
        assertTrue(contains("10.255.255.255", "10.0.0.0/8"));
        assertFalse(contains("11.0.0.0", "10.0.0.0/8"));
        assertFalse(contains("9.255.255.255", "10.0.0.0/8"));
        assertTrue(contains("192.0.2.5", "192.0.2.4/31"));
        assertFalse(contains("192.0.2.6", "192.0.2.4/31"));
        assertTrue(contains("2001:db8:ffff::1", "2001:db8::/32"));
        assertFalse(contains("2001:db9::", "2001:db8::/32"));
        assertTrue(contains("255.255.255.255", "0.0.0.0/0"));
        assertFalse(contains("::1", "0.0.0.0/0"), "all of IPv4 is nothing of IPv6");
        assertFalse(contains("1.2.3.4", "::/0"));
    }

    @Test
    void shouldTakeAMappedAddressForTheOneInIt() {
        assertTrue(contains("::ffff:192.0.2.7", "192.0.2.0/24"));
        assertTrue(contains("192.0.2.7", "::ffff:192.0.2.7"));
    }

    @Test
    void shouldFindWhatLiesInOneOfManyThatOverlap() {
        final String[] texts = {"10.1.0.0/16", "10.0.0.0/8", "10.2.3.4", "172.16.0.0/12", "192.168.1.1", "fe80::/10"};
        assertTrue(contains("10.200.0.1", texts));
        assertTrue(contains("10.2.3.4", texts));
        assertTrue(contains("172.31.255.255", texts));
        assertFalse(contains("172.32.0.0", texts));
        assertTrue(contains("febf::1", texts));
        assertFalse(contains("fec0::1", texts));
    }

    @Test
    void shouldSayTheSameAsASearchOfOneByOne() throws Exception {
        final Random random = new Random(7);
        final List<String> texts = random.ints(200)
                .mapToObj(bits -> {
                    final int prefix = 16 + Math.floorMod(bits, 17);
                    final int first = (int) ((bits & 0x0FFF_FFFFL) & (-1L << (32 - prefix)));
                    return text(first) + "/" + prefix;
                })
                .toList();
        final AddressSet all = AddressSet.parse(texts);
        final List<AddressSet> each =
                texts.stream().map(text -> AddressSet.parse(List.of(text))).toList();
        int held = 0;
        for (int i = 0; i < 20_000; i++) {
            final var address = IpAddress.parse(text(random.nextInt() & 0x0FFF_FFFF));
            final boolean expected = each.stream().anyMatch(set -> set.contains(address));
            assertEquals(expected, all.contains(address), address::toString);
            held += expected ? 1 : 0;
        }
        assertTrue(held > 0, "nothing was found that is to be found");
    }

    private static String text(final int bits) {
        return (bits >>> 24) + "." + (bits >>> 16 & 0xFF) + "." + (bits >>> 8 & 0xFF) + "." + (bits & 0xFF);
    }

    @Test
    void shouldHoldNothingWhenEmpty() {
        assertFalse(AddressSet.parse(List.of()).contains(IpAddress.parse("127.0.0.1")));
        assertFalse(AddressSet.parse(List.of("0.0.0.0/0")).contains(null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "localhost", "proxy.example", "10.0.0", "10.0.0.256", "010.0.0.1", "1.2.3.4/33", "1.2.3.4/",
                        "1.2.3.4/-1",
                "10.0.0.1/8", "::1/129", "fe80::1%eth0", ":::", "1:2", "1.2.3.4/2/4", " 1.2.3.4", "2130706433", "::g"
            })
    void shouldRefuseWhatIsNoAddressAndName(final String text) {
        final Exception fault =
                assertThrows(IllegalArgumentException.class, () -> AddressSet.parse(List.of("1.2.3.4", text)));
        assertTrue(fault.getMessage().contains("'" + text + "'"), fault::getMessage);
        assertTrue(fault.getMessage().contains("expected"), fault::getMessage);
    }

    @Test
    void shouldNotAskWhoHasAName() {
        assertNull(IpAddress.parse("localhost"));
        assertNull(IpAddress.parse("0x7f.1"));
        assertNull(IpAddress.parse(".::1"));
    }
}
