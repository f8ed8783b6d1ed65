package io.ringmain.engine.auth;

import java.util.Set;

/** One client being authenticated in steps; confined to the I/O agent of its connection. */
@FunctionalInterface
public interface AuthExchange {
    /**
     * The client's next step.
     *
     * @param data its Authentication Data, empty if there is none; not to be kept.
     */
    Answer onData(byte[] data);

    /**
     * What the broker says to a step.
     *
     * @param reasonCode 0 when the client is authenticated, 0x18 when it has to go on, else why it is refused.
     * @param data Authentication Data for the client; empty for none.
     * @param username who the client is; null unless it is authenticated.
     * @param roles of the client; those of its CONNECT hold for as long as it is connected.
     * @param expiresAtMs epoch milliseconds at which the connection ends, unless the client is authenticated again before;
     *     {@link AuthVerdict#NEVER} for no end.
     */
    record Answer(int reasonCode, byte[] data, String username, Set<String> roles, long expiresAtMs) {
        private static final byte[] NONE = {};

        public Answer {
            roles = Set.copyOf(roles);
        }

        /** The client is who it says, until it goes. */
        public static Answer success(final String username, final byte[] data) {
            return success(username, data, Set.of(), AuthVerdict.NEVER);
        }

        public static Answer success(
                final String username, final byte[] data, final Set<String> roles, final long expiresAtMs) {
            return new Answer(0, data, username, roles, expiresAtMs);
        }

        /** The client has to answer this. */
        public static Answer proceed(final byte[] data) {
            return new Answer(0x18, data, null, Set.of(), AuthVerdict.NEVER);
        }

        /** The client is refused, with a reason code of MQTT 5 at or above 0x80. */
        public static Answer refuse(final int reasonCode) {
            return new Answer(reasonCode, NONE, null, Set.of(), AuthVerdict.NEVER);
        }
    }
}
