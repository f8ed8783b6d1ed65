package io.ringmain.engine.io.websocket;

import io.ringmain.engine.io.AddressSet;
import io.ringmain.protocol.IpAddress;
import io.ringmain.protocol.websocket.UpgradeRequest;
import java.net.InetAddress;

/**
 * Finds out whose request it is. Each proxy on the way adds the address that it was asked from at the right of
 * X-Forwarded-For; what stands further left was there already, and the client may have made it up. So the list is read from
 * the right for as long as its addresses are those of trusted proxies, and the first that isn't is the client's.
 */
final class ForwardedFor {
    private static final InetAddress LOCAL = IpAddress.parse("127.0.0.1");

    private ForwardedFor() {}

    /** @param peer at the other end; null if that is a Unix domain socket, which is of this machine. */
    static boolean isTrusted(final InetAddress peer, final AddressSet trusted) {
        return trusted.contains(peer == null ? LOCAL : peer);
    }

    /**
     * Where the client is, if that isn't where the request came from.
     *
     * @param peer where it came from; null for a Unix domain socket.
     * @return null if it came from the client itself. Never null for a request that came through a proxy on this machine:
     *     its client may be anywhere, and mustn't be taken for one of this machine.
     * @throws IllegalArgumentException if a trusted proxy names a client that is no address.
     */
    static InetAddress client(final InetAddress peer, final UpgradeRequest request, final AddressSet trusted) {
        final InetAddress proxy = peer == null ? LOCAL : peer;
        if (!trusted.contains(proxy)) {
            return proxy.isLoopbackAddress() && request.wasForwarded() ? proxy : null;
        }
        InetAddress client = proxy;
        final String[] hops = request.forwardedFor().split(",");
        for (int i = hops.length - 1; i >= 0 && trusted.contains(client); i--) {
            final String hop = hops[i].strip();
            if (!hop.isEmpty()) {
                client = address(hop);
            }
        }
        return client;
    }

    private static InetAddress address(final String hop) {
        final InetAddress address = IpAddress.parse(withoutPort(hop));
        if (address == null) {
            throw new IllegalArgumentException("a trusted proxy names a client that is no address");
        }
        return address;
    }

    /** Some proxies write 192.0.2.1:4711 and [2001:db8::1]:4711. */
    private static String withoutPort(final String hop) {
        if (hop.startsWith("[")) {
            final int end = hop.indexOf(']');
            return end < 0 ? hop : hop.substring(1, end);
        }
        final int colon = hop.indexOf(':');
        return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }
}
