package io.ringmain.protocol.websocket;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The pages that may open a WebSocket. Browsers let every page open one to every address, and tell the server which page
 * it is; so whoever is served on account of where he is, as a client on this machine may be, has to be protected from the
 * pages that he looks at.
 *
 * <p>A request without an Origin is no page's. A page that was loaded from the host and port that it asks now is allowed,
 * if that host is an address or {@code localhost}: of a name it proves nothing, since whoever owns a name may let it mean
 * this machine (DNS rebinding). All other pages have to be listed.
 */
public final class AllowedOrigins {
    /** In the list: every page. */
    public static final String ANY = "*";

    private static final Pattern ORIGIN =
            Pattern.compile("([a-z][a-z0-9+.-]*)://([a-z0-9._-]+|\\[[0-9a-f:.]+\\])(?::([0-9]{1,5}))?");
    private static final Pattern FIXED_HOST =
            Pattern.compile("(?:localhost|[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+\\])(?::[0-9]{1,5})?");

    private final Set<String> origins;
    private final boolean any;

    /**
     * @param origins as {@link #normalised} takes them.
     * @throws IllegalArgumentException for what is none.
     */
    public AllowedOrigins(final List<String> origins) {
        this.any = origins.contains(ANY);
        this.origins = origins.stream().map(AllowedOrigins::normalised).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * An origin as it is compared: {@code scheme://host[:port]} in small letters, without the port that the scheme has
     * anyway; or {@link #ANY}.
     *
     * @throws IllegalArgumentException if it is none.
     */
    public static String normalised(final String origin) {
        if (origin.equals(ANY)) {
            return origin;
        }
        final Matcher parts = ORIGIN.matcher(origin.toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + origin + "' is not scheme://host or scheme://host:port");
        }
        return parts.group(1) + "://"
                + withoutDefaultPort(parts.group(1), parts.group(0).substring(parts.start(2)));
    }

    private static String withoutDefaultPort(final String scheme, final String hostAndPort) {
        final String port = scheme.equals("http") ? ":80" : scheme.equals("https") ? ":443" : null;
        return port != null && hostAndPort.endsWith(port)
                ? hostAndPort.substring(0, hostAndPort.length() - port.length())
                : hostAndPort;
    }

    /** @param origin null for none. */
    boolean allows(final String origin, final String host) {
        if (origin == null || any) {
            return true;
        }
        final Matcher parts = ORIGIN.matcher(origin.toLowerCase(Locale.ROOT));
        return parts.matches() && (origins.contains(normalised(origin)) || isHostItself(parts, host));
    }

    private static boolean isHostItself(final Matcher origin, final String host) {
        final String scheme = origin.group(1);
        final String asked = withoutDefaultPort(scheme, host.toLowerCase(Locale.ROOT));
        final String page = withoutDefaultPort(scheme, origin.group(0).substring(origin.start(2)));
        return page.equals(asked) && FIXED_HOST.matcher(page).matches();
    }
}
