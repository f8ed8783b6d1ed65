package io.ringmain.engine.io;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Ids for clients that have none. Nobody can tell the next from those before, and wait for a client under its id; the
 * same seed gives the same ids, for the simulation. Confined to one I/O agent.
 */
final class AssignedIds {
    private static final int RANDOM_BYTES = 12;

    private final MessageDigest digest;
    private final ByteBuffer input = ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES);
    private final long seed;
    private final int lane;
    private long number;

    /** @param seed secret, another one in each run of the broker. */
    AssignedIds(final long seed, final int lane) {
        this.seed = seed;
        this.lane = lane;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException ex) {
            throw new IllegalStateException("every Java has SHA-256", ex);
        }
    }

    /** UTF-8 of another id. */
    byte[] next() {
        input.clear().putLong(seed).putInt(lane).putLong(++number);
        final byte[] hash = digest.digest(input.array());
        return ("rm-" + HexFormat.of().formatHex(hash, 0, RANDOM_BYTES)).getBytes(StandardCharsets.US_ASCII);
    }
}
