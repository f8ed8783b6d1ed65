package io.ringmain.protocol.websocket;

import java.util.List;

/** The sub-protocols of WebSockets that are MQTT. */
final class SubProtocol {
    /** Of all versions; {@code mqttv3.1} is what clients offered before there was a standard. Ours before theirs. */
    private static final List<String> KNOWN = List.of("mqtt", "mqttv3.1");

    private SubProtocol() {}

    /**
     * Chooses among what a client offers. {@code mqtt} whenever it is offered (MQTT-6.0.0-3, MQTT-6.0.0-4).
     *
     * @param offered names with commas between them.
     * @return null if none of them is MQTT.
     */
    static String choose(final String offered) {
        final List<String> names =
                List.of(offered.split(",")).stream().map(String::strip).toList();
        return KNOWN.stream().filter(names::contains).findFirst().orElse(null);
    }
}
