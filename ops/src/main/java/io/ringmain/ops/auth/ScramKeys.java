package io.ringmain.ops.auth;

import java.nio.charset.StandardCharsets;

/** The keys of RFC 5802 with SHA-256. */
final class ScramKeys {
    private static final byte[] CLIENT_KEY = "Client Key".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SERVER_KEY = "Server Key".getBytes(StandardCharsets.US_ASCII);

    private ScramKeys() {}

    static byte[] clientKey(final byte[] saltedPassword) {
        return hmac(saltedPassword, CLIENT_KEY);
    }

    static byte[] serverKey(final byte[] saltedPassword) {
        return hmac(saltedPassword, SERVER_KEY);
    }

    static byte[] hmac(final byte[] key, final byte[] data) {
        return PasswordHash.mac("HmacSHA256", key).doFinal(data);
    }
}
