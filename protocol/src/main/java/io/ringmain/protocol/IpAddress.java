package io.ringmain.protocol;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Texts of IP addresses. */
public final class IpAddress {
    private static final String OCTET = "(0|[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5])";
    private static final Pattern V4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");

    /** What {@link InetAddress} takes for an IPv6 address or refuses, and for no name: so it asks nobody. */
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:][0-9a-fA-F:.]{1,44}");

    private IpAddress() {}

    /**
     * The address that a text is; nobody is asked what a name means. An IPv4 address that is written as an IPv6 one
     * ({@code ::ffff:192.0.2.7}) is the IPv4 address. Leading zeros, which some read as octal, and scopes, which are of
     * one machine, are not taken.
     *
     * @return null if it is none.
     */
    public static InetAddress parse(final String text) {
        if (!(text.indexOf(':') >= 0 ? V6 : V4).matcher(text).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(text);
        } catch (final UnknownHostException ex) {
            return null;
        }
    }
}
