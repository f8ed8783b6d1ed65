package io.ringmain.engine.io;

import io.ringmain.protocol.IpAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An address as the bounds per address count it, in one number: an IPv4 address whole, an IPv6 one by its first 64 bits,
 * since whoever has one has all of its network.
 */
final class AddressKey {
    /** Of who is on this machine, or of whom it isn't known yet: no bound per address holds. */
    static final long LOCAL = 0;

    /** No prefix of IPv6 that is in use begins so. */
    private static final long V4 = 0x0000_0001_0000_0000L;

    private AddressKey() {}

    /** @param address as {@link Channel#address} has it. */
    static long of(final String address) {
        if (address == null) {
            return LOCAL;
        }
        final int scope = address.indexOf('%');
        final InetAddress parsed = IpAddress.parse(scope < 0 ? address : address.substring(0, scope));
        if (parsed == null) {
            return V4 << 1 | address.hashCode() & 0xFFFF_FFFFL;
        }
        final ByteBuffer bytes = ByteBuffer.wrap(parsed.getAddress()).order(ByteOrder.BIG_ENDIAN);
        return parsed instanceof Inet6Address ? bytes.getLong(0) : V4 | bytes.getInt(0) & 0xFFFF_FFFFL;
    }
}
