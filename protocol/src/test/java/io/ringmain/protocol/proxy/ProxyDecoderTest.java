package io.ringmain.protocol.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyDecoderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a ";
    private static final String TCP4 = "c0000207 c6336401 dc04 075b ";
    private static final String V6 = "20010db8000000000000000000000007";
    private static final int MAX = 1024;

    private final ProxyDecoder decoder = new ProxyDecoder(MAX);

    private int decode(final byte[] bytes) {
        return decoder.decode(new UnsafeBuffer(bytes), 0, bytes.length);
    }

    private static byte[] text(final String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] hex(final String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static String v2(final String commandAndFamily, final String rest) {
        return SIGNATURE + commandAndFamily + "%04x".formatted(hex(rest).length) + rest;
    }

    /** Taken whole, with what follows left alone; and at no earlier byte. */
    private void assertTaken(final byte[] preface) {
        for (int length = 0; length < preface.length; length++) {
            assertEquals(ProxyDecoder.INCOMPLETE, decode(Arrays.copyOf(preface, length)), "of " + length + " bytes");
        }
        assertEquals(preface.length, decode(Arrays.copyOf(preface, preface.length + 20)), decoder::fault);
        assertEquals(preface.length, decode(preface), decoder::fault);
    }

    private void assertFrom(final String address, final int port) {
        assertEquals(ProxySource.INTERNET, decoder.source());
        assertEquals(address, decoder.address().getHostAddress());
        assertEquals(port, decoder.port());
    }

    @Test
    void shouldReadLinesOfVersion1() {
        assertTaken(text("PROXY TCP4 192.0.2.7 198.51.100.1 56324 1883\r\n"));
        assertFrom("192.0.2.7", 56324);
        assertTaken(text("PROXY TCP6 2001:db8::7 2001:db8::1 0 65535\r\n"));
        assertFrom("2001:db8:0:0:0:0:0:7", 0);
        assertTaken(text("PROXY TCP6 ::ffff:192.0.2.7 ::1 1 2\r\n"));
        assertFrom("192.0.2.7", 1);
    }

    @Test
    void shouldTakeTheLongestLineOfVersion1() {
        final String address = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
        assertTaken(text("PROXY TCP6 " + address + " " + address + " 65535 65535\r\n"));
        final String unknown = "PROXY UNKNOWN " + address + " " + address + " 65535 65535\r\n";
        assertEquals(ProxyDecoder.V1_MAX_LENGTH, unknown.length());
        assertTaken(text(unknown));
        assertEquals(ProxyDecoder.MALFORMED, decode(text(unknown.replace("\r\n", " \r\n"))));
    }

    @Test
    void shouldTakeUnknownWhateverFollowsIt() {
        assertTaken(text("PROXY UNKNOWN\r\n"));
        assertEquals(ProxySource.UNKNOWN, decoder.source());
        assertTaken(text("PROXY UNKNOWN what is this 99999999\r\n"));
        assertEquals(ProxySource.UNKNOWN, decoder.source());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "proxy TCP4 192.0.2.7 198.51.100.1 1 2\r\n",
                "PROXY  TCP4 192.0.2.7 198.51.100.1 1 2\r\n",
                "PROXY TCP4  192.0.2.7 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 2 \r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 2 3\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 65536\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 01 2\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 -1 2\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 2\r\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 2\n",
                "PROXY TCP4 192.0.2.7\t198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.007 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.256 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2 198.51.100.1 1 2\r\n",
                "PROXY TCP4 localhost 198.51.100.1 1 2\r\n",
                "PROXY TCP4 2001:db8::7 2001:db8::1 1 2\r\n",
                "PROXY TCP4 192.0.2.7 2001:db8::1 1 2\r\n",
                "PROXY TCP6 192.0.2.7 198.51.100.1 1 2\r\n",
                "PROXY TCP6 fe80::1%eth0 fe80::2 1 2\r\n",
                "PROXY TCP6 1:2:3 fe80::2 1 2\r\n",
                "PROXY UDP4 192.0.2.7 198.51.100.1 1 2\r\n",
                "PROXY UNKNOWNS\r\n",
                "PROXY \r\n",
                "PROXY TCP4 \u00e9.0.2.7 198.51.100.1 1 2\r\n"
            })
    void shouldRefuseOtherLinesAndSayWhy(final String line) {
        assertEquals(ProxyDecoder.MALFORMED, decode(text(line)));
        assertFalse(decoder.fault().isEmpty());
    }

    @Test
    void shouldSeeAtTheFirstByteThatItIsNoPreface() {
        for (int b = 0; b < 256; b++) {
            final int expected = b == 'P' || b == '\r' ? ProxyDecoder.INCOMPLETE : ProxyDecoder.MALFORMED;
            assertEquals(expected, decode(new byte[] {(byte) b}));
        }
    }

    @Test
    void shouldRefuseALineWithoutEndAsSoonAsItIsTooLong() {
        final String line = "PROXY UNKNOWN " + "x".repeat(200);
        assertEquals(ProxyDecoder.INCOMPLETE, decode(text(line.substring(0, ProxyDecoder.V1_MAX_LENGTH - 1))));
        assertEquals(ProxyDecoder.MALFORMED, decode(text(line.substring(0, ProxyDecoder.V1_MAX_LENGTH))));
    }

    @Test
    void shouldReadVersion2() {
        assertTaken(hex(v2("21 11", TCP4)));
        assertFrom("192.0.2.7", 56324);
        assertTaken(hex(v2("21 21", V6 + V6 + "0001 0002")));
        assertFrom("2001:db8:0:0:0:0:0:7", 1);
        assertTaken(hex(v2("21 21", "00000000000000000000ffffc0000207" + V6 + "0001 0002")));
        assertFrom("192.0.2.7", 1);
        assertTaken(hex(v2("21 31", "2f61".concat("00".repeat(106)) + "00".repeat(108))));
        assertEquals(ProxySource.UNIX, decoder.source());
        assertEquals("/a", decoder.unixPath());
        assertTaken(hex(v2("21 00", "")));
        assertEquals(ProxySource.UNKNOWN, decoder.source());
        assertTaken(hex(v2("20 00", "")));
        assertEquals(ProxySource.PROXY, decoder.source());
        assertTaken(hex(v2("20 11", TCP4 + "ff")));
        assertEquals(ProxySource.PROXY, decoder.source(), "whose family, addresses and values mean nothing");
    }

    @Test
    void shouldSkipValuesBehindTheAddresses() {
        assertTaken(hex(v2("21 11", TCP4 + "02 0003 616263  04 0000  ee 0001 00")));
        assertFrom("192.0.2.7", 56324);
    }

    @Test
    void shouldHoldASumAgainstTheBytes() {
        final byte[] preface = hex(v2("21 11", TCP4 + "03 0004 00000000  04 0001 00"));
        final CRC32C sum = new CRC32C();
        sum.update(preface);
        new UnsafeBuffer(preface).putInt(16 + 12 + 3, (int) sum.getValue(), java.nio.ByteOrder.BIG_ENDIAN);
        assertTaken(preface);
        preface[16] ^= 1;
        assertEquals(ProxyDecoder.MALFORMED, decode(preface));
        assertTrue(decoder.fault().contains("sum"), decoder::fault);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "11 11 000c c0000207 c6336401 dc04 075b",
                "31 11 000c c0000207 c6336401 dc04 075b",
                "22 11 000c c0000207 c6336401 dc04 075b",
                "21 12 000c c0000207 c6336401 dc04 075b",
                "21 41 000c c0000207 c6336401 dc04 075b",
                "21 10 000c c0000207 c6336401 dc04 075b",
                "21 11 000b c0000207 c6336401 dc04 07",
                "21 21 000c c0000207 c6336401 dc04 075b",
                "21 11 000d c0000207 c6336401 dc04 075b 04",
                "21 11 000f c0000207 c6336401 dc04 075b 04 0001",
                "21 11 0011 c0000207 c6336401 dc04 075b 03 0002 0000",
                "21 11 0401",
                "21 11 ffff"
            })
    void shouldRefuseOtherPrefacesOfVersion2(final String rest) {
        assertEquals(ProxyDecoder.MALFORMED, decode(hex(SIGNATURE + rest)));
        assertFalse(decoder.fault().isEmpty());
    }

    @Test
    void shouldTakeVersion2UpToItsBoundAndRefuseMoreBeforeItIsThere() {
        final int room = MAX - ProxyDecoder.V2_HEADER_LENGTH - 12 - 3;
        assertTaken(hex(v2("21 11", TCP4 + "04 %04x".formatted(room) + "00".repeat(room))));
        final byte[] longer = hex(v2("21 11", TCP4 + "04 %04x".formatted(room + 1) + "00".repeat(room + 1)));
        assertEquals(ProxyDecoder.MALFORMED, decode(Arrays.copyOf(longer, ProxyDecoder.V2_HEADER_LENGTH)));
    }
}
