package io.ringmain.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class BansTest {
    @Test
    void shouldReadAddressesClientsAndUsers() {
        final Bans bans = Bans.parse(
                "bans",
                List.of(
                        "# comment",
                        "",
                        "192.0.2.7",
                        "  10.0.0.0/8  ",
                        "client press 07",
                        "client #1",
                        "user mallory"));
        assertTrue(bans.hasAddress(IpAddress.parse("192.0.2.7")));
        assertTrue(bans.hasAddress(IpAddress.parse("10.9.8.7")));
        assertFalse(bans.hasAddress(IpAddress.parse("192.0.2.8")));
        assertFalse(bans.hasAddress(null));
        assertTrue(bans.hasClient("press 07", null));
        assertTrue(bans.hasClient("#1", "alice"));
        assertTrue(bans.hasClient("x", "mallory"));
        assertFalse(bans.hasClient("mallory", "press 07"));
        assertFalse(bans.hasClient("x", null));
    }

    @Test
    void shouldNameEachWrongLine() {
        final Exception fault = assertThrows(
                IllegalArgumentException.class,
                () -> Bans.parse("bans", List.of("192.0.2.7", "nonsense", "user x", "  10.0.0.1/8", "clients y")));
        assertEquals(
                List.of(
                        "bans:2:1: 'nonsense': it is no address; expected one like 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32,"
                                + " or 'client ID', or 'user NAME'",
                        "bans:4:3: '10.0.0.1/8': the address has bits behind the first 8; expected those to be zero,"
                                + " or 'client ID', or 'user NAME'",
                        "bans:5:1: 'clients y': it is no address; expected one like 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32,"
                                + " or 'client ID', or 'user NAME'"),
                fault.getMessage().lines().toList());
    }
}
