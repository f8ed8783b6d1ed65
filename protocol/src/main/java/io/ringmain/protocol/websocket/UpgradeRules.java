package io.ringmain.protocol.websocket;

import java.util.Base64;

/**
 * Which well-formed requests are accepted.
 *
 * @param path that is served, to the byte.
 * @param origins the pages that may ask.
 */
public record UpgradeRules(String path, AllowedOrigins origins) {
    private static final String VERSION = "13";
    private static final int KEY_LENGTH = 16;
    private static final int KEY_TEXT_LENGTH = 24;

    /** Decides about a request that {@link UpgradeRequest#read} has accepted. */
    public UpgradeResult check(final UpgradeRequest request) {
        if (!request.path().equals(path)) {
            return UpgradeResult.NO_SUCH_PATH;
        }
        if (!request.asksForUpgrade() || !VERSION.equals(request.version())) {
            return UpgradeResult.NO_UPGRADE;
        }
        if (!isKey(request.key())) {
            return UpgradeResult.MALFORMED;
        }
        if (!origins.allows(request.origin(), request.host())) {
            return UpgradeResult.ORIGIN_NOT_ALLOWED;
        }
        return SubProtocol.choose(request.protocols()) == null ? UpgradeResult.NO_SUB_PROTOCOL : UpgradeResult.ACCEPTED;
    }

    private static boolean isKey(final String key) {
        if (key == null || key.length() != KEY_TEXT_LENGTH) {
            return false;
        }
        try {
            return Base64.getDecoder().decode(key).length == KEY_LENGTH;
        } catch (final IllegalArgumentException ex) {
            return false;
        }
    }
}
