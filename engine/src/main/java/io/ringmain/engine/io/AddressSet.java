package io.ringmain.engine.io;

import io.ringmain.protocol.IpAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Addresses and networks, IPv4 and IPv6: {@code 192.0.2.7}, {@code 10.0.0.0/8}, {@code 2001:db8::/32}. Names are not
 * looked up: who is trusted must not depend on who answers for a name. An IPv4 address that is written as an IPv6 one
 * ({@code ::ffff:192.0.2.7}) is the IPv4 address. Immutable.
 *
 * <p>Each network is its first and its last address. Sorted, and with those that touch each other made one, a search by
 * halves finds the only one that can hold an address: a list of many thousand banned networks costs an accept nothing
 * that is felt.
 */
public final class AddressSet {
    /** Holds no address. */
    public static final AddressSet NONE = new AddressSet(List.of());

    private record Range(byte[] first, byte[] last) {}

    private final byte[][] firsts;
    private final byte[][] lasts;

    private AddressSet(final List<Range> ranges) {
        firsts = ranges.stream().map(Range::first).toArray(byte[][]::new);
        lasts = ranges.stream().map(Range::last).toArray(byte[][]::new);
    }

    /**
     * @param texts an address or a network each.
     * @throws IllegalArgumentException for the first that is neither, saying which and what was expected.
     */
    public static AddressSet parse(final List<String> texts) {
        final List<Range> ranges =
                new ArrayList<>(texts.stream().map(AddressSet::range).toList());
        ranges.sort((left, right) -> compare(left.first, right.first));
        final List<Range> merged = new ArrayList<>();
        for (final Range range : ranges) {
            final Range previous = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (previous == null || compare(range.first, previous.last) > 0) {
                merged.add(range);
            } else if (compare(range.last, previous.last) > 0) {
                merged.set(merged.size() - 1, new Range(previous.first, range.last));
            }
        }
        return merged.isEmpty() ? NONE : new AddressSet(merged);
    }

    /** Whether the address is one of these, or in one of the networks; false for null. */
    public boolean contains(final InetAddress address) {
        if (address == null || isEmpty()) {
            return false;
        }
        final byte[] bytes = address.getAddress();
        int low = 0;
        int high = firsts.length - 1;
        while (low <= high) {
            final int middle = (low + high) >>> 1;
            if (compare(firsts[middle], bytes) > 0) {
                high = middle - 1;
            } else if (compare(lasts[middle], bytes) < 0) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    public boolean isEmpty() {
        return firsts.length == 0;
    }

    private static Range range(final String text) {
        final int slash = text.indexOf('/');
        final InetAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            throw fault(text, "it is no address; expected one like 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32");
        }
        final byte[] bytes = address.getAddress();
        final int bits = slash < 0 ? bytes.length * Byte.SIZE : prefix(text, slash, bytes.length * Byte.SIZE);
        final byte[] first = bytes.clone();
        final byte[] last = bytes.clone();
        for (int bit = bits; bit < bytes.length * Byte.SIZE; bit++) {
            final int mask = 0x80 >> (bit % Byte.SIZE);
            first[bit / Byte.SIZE] &= (byte) ~mask;
            last[bit / Byte.SIZE] |= (byte) mask;
        }
        if (!Arrays.equals(first, bytes)) {
            throw fault(text, "the address has bits behind the first " + bits + "; expected those to be zero");
        }
        return new Range(first, last);
    }

    private static int prefix(final String text, final int slash, final int bits) {
        final String digits = text.substring(slash + 1);
        if (digits.matches("[0-9]{1,3}") && Integer.parseInt(digits) <= bits) {
            return Integer.parseInt(digits);
        }
        throw fault(text, "expected a number of bits from 0 to " + bits + " behind the '/'");
    }

    private static IllegalArgumentException fault(final String text, final String what) {
        return new IllegalArgumentException("'" + text + "': " + what);
    }

    /** By length, then as unsigned numbers: IPv4 lies before IPv6. */
    private static int compare(final byte[] left, final byte[] right) {
        return left.length != right.length ? left.length - right.length : Arrays.compareUnsigned(left, right);
    }
}
