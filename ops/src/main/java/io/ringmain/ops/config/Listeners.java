package io.ringmain.ops.config;

import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.io.AddressSet;
import io.ringmain.engine.io.ChannelLayer;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.io.proxy.ProxyLayer;
import io.ringmain.engine.io.websocket.WebSocketLayer;
import io.ringmain.engine.io.websocket.WebSocketOptions;
import io.ringmain.ops.tls.LoadedTls;
import io.ringmain.ops.tls.TlsListeners;
import io.ringmain.protocol.websocket.AllowedOrigins;
import io.ringmain.protocol.websocket.UpgradeRules;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The listeners of a configuration: what is wrong with them, and what the engine is told of them. */
final class Listeners {
    static final String WEBSOCKET = "websocket";

    private final Config config;
    private final List<String> names;
    private final Map<String, LoadedTls> loadedTls = new TreeMap<>();
    private final List<String> warnings = new ArrayList<>();

    /** @param names of all of them, in order. */
    Listeners(final Config config, final List<String> names) {
        this.config = config;
        this.names = names;
    }

    List<String> names() {
        return names;
    }

    /** Those that serve. */
    List<String> enabled() {
        return names.stream().filter(name -> section(name).bool("enabled")).toList();
    }

    private Section section(final String listener) {
        return config.section("listeners." + listener);
    }

    private TlsSection tlsSection(final String listener) {
        return new TlsSection(listener, config.given(), config::entry);
    }

    /** With the files that were read for it, by listener. */
    Map<String, LoadedTls> loadedTls() {
        return loadedTls;
    }

    /** What was found by {@link #check} that is likely not meant. */
    List<String> warnings() {
        return warnings;
    }

    /** Adds what is wrong to the errors, and reads the files that TLS needs. */
    void check(final List<String> errors) {
        for (final String name : names) {
            if (config.isGiven("listeners." + name + ".bind")) {
                checkProxy(name, errors);
                checkBind(name, errors);
            } else if (errors.stream().noneMatch(error -> error.contains("listeners." + name + ".bind"))) {
                errors.add("listeners." + name + ": needs a bind address, expected host:port or unix:/path");
            }
            checkWebSocket(name, errors);
        }
        enabled().forEach(name -> loadTls(name, errors));
        if (errors.isEmpty() && enabled().isEmpty()) {
            errors.add("listeners: none is enabled");
        }
    }

    private void loadTls(final String listener, final List<String> errors) {
        final TlsSection tls = tlsSection(listener);
        if (tls.isGiven()) {
            final LoadedTls loaded = tls.load(section(listener).text("protocol"), errors);
            if (loaded != null) {
                loadedTls.put(listener, loaded);
            }
        }
    }

    private void checkProxy(final String listener, final List<String> errors) {
        final Section section = section(listener);
        if (isInternet(listener)
                && isProxied(listener)
                && section.texts("trusted_proxies").isEmpty()) {
            errors.add(section.place("proxy_protocol")
                    + "required, and no trusted_proxies: expected the addresses of the proxies, as whoever may send a"
                    + " preface can be anybody");
        }
    }

    private boolean isInternet(final String listener) {
        return section(listener).value("bind") instanceof InetSocketAddress;
    }

    private boolean isProxied(final String listener) {
        return section(listener).text("proxy_protocol").equals("required");
    }

    private boolean isWebSocket(final String listener) {
        return section(listener).text("protocol").equals(WEBSOCKET);
    }

    /** Nobody is let in from elsewhere unasked, unless the operator says so in so many words. */
    private void checkBind(final String listener, final List<String> errors) {
        final Section section = section(listener);
        final Object bind = section.value("bind");
        final String host = bind instanceof InetSocketAddress inet ? inet.getHostString() : bind.toString();
        try {
            if (section.bool("enabled") && letsNobodyInFromElsewhere(listener)) {
                if (tlsSection(listener).requiresCertificates()) {
                    warnings.add(section.place("tls.client_auth")
                            + "clients show certificates, and nobody asks for the name in them: who comes from another"
                            + " machine is refused, unless auth.certificate is username or client_id, or auth.anonymous"
                            + " is always");
                    return;
                }
                errors.add(section.place("bind")
                        + host + " can be reached from other machines, and nobody is asked there who they are:"
                        + " configure auth.password_file or another way of authentication, bind to 127.0.0.1, or set"
                        + " auth.anonymous to always to let anybody in");
            }
        } catch (final UnknownHostException ex) {
            errors.add(section.place("bind") + "no address is known for host '" + host + "'");
        }
    }

    /** Other machines can reach it, and the chain has only what is for this one. */
    private boolean letsNobodyInFromElsewhere(final String listener) throws UnknownHostException {
        final boolean isLocal = !isInternet(listener)
                || InetAddress.getByName(((InetSocketAddress) section(listener).value("bind")).getHostString())
                        .isLoopbackAddress();
        // Through a proxy on this machine come clients from elsewhere.
        final boolean isPrivate = isLocal && !isProxied(listener);
        final AuthMethods methods = new AuthMethods(config);
        return !isPrivate
                && !methods.askWho(listener)
                && !methods.anonymous(listener).equals("always");
    }

    /** Who sets what only a WebSocket has takes this listener for one. */
    private void checkWebSocket(final String listener, final List<String> errors) {
        for (final String key : List.of("path", "origins")) {
            if (config.isGiven("listeners." + listener + "." + key) && !isWebSocket(listener)) {
                errors.add(section(listener).place(key)
                        + "only for protocol: websocket, and this listener has protocol: "
                        + section(listener).text("protocol"));
            }
        }
    }

    /** What the engine is told. */
    List<ListenerConfig> configs(final TlsListeners tls, final Counters counters) {
        return enabled().stream()
                .map(name -> {
                    final SocketAddress bind = (SocketAddress) section(name).value("bind");
                    return new ListenerConfig(
                            name,
                            bind instanceof InetSocketAddress inet
                                    ? new InetSocketAddress(inet.getHostString(), inet.getPort())
                                    : bind,
                            section(name).integer("mode"),
                            section(name).bool("stamp"),
                            layers(name, tls, counters));
                })
                .toList();
    }

    /** What lies between the sockets of a listener and MQTT, the lowest first. */
    private List<ChannelLayer> layers(final String listener, final TlsListeners tls, final Counters counters) {
        final List<ChannelLayer> layers = new ArrayList<>();
        if (isProxied(listener)) {
            layers.add(new ProxyLayer(
                    trustedProxies(listener), config.section("limits").integer("proxy_preface_bytes")));
        }
        if (loadedTls.containsKey(listener)) {
            layers.add(tls.layer(listener));
        }
        if (isWebSocket(listener)) {
            layers.add(new WebSocketLayer(webSocketOptions(listener), counters));
        }
        return layers;
    }

    private AddressSet trustedProxies(final String listener) {
        return AddressSet.parse(section(listener).texts("trusted_proxies"));
    }

    private WebSocketOptions webSocketOptions(final String listener) {
        final Section limits = config.section("limits");
        return new WebSocketOptions(
                new UpgradeRules(
                        section(listener).text("path"),
                        new AllowedOrigins(section(listener).texts("origins"))),
                trustedProxies(listener),
                limits.integer("websocket_header"),
                limits.integer("websocket_headers"),
                limits.integer("max_connect_packet_size"),
                limits.integer("max_packet_size"),
                limits.integer("websocket_empty_frames"));
    }

    /**
     * Where clients find the listeners.
     *
     * @param addresses of those that are enabled, as the broker names them.
     */
    List<String> uris(final List<SocketAddress> addresses) {
        final List<String> uris = new ArrayList<>();
        for (final String name : enabled()) {
            uris.add(uri(name, addresses.get(uris.size())));
        }
        return uris;
    }

    private String uri(final String listener, final SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            return "unix:" + address;
        }
        final String host = inet.getAddress().getHostAddress();
        final String place = (host.contains(":") ? "[" + host + "]" : host) + ":" + inet.getPort();
        final String secure = loadedTls.containsKey(listener) ? "s" : "";
        return isWebSocket(listener)
                ? "ws" + secure + "://" + place + section(listener).text("path")
                : "mqtt" + secure + "://" + place;
    }
}
