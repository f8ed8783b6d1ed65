package io.ringmain.ops.auth;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a client says in SCRAM (RFC 5802, section 7). Strict: extensions and channel binding are refused. */
final class ScramMessages {
    private static final int MAX_BYTES = 4096;
    private static final String NONCE = "([\\x21-\\x2B\\x2D-\\x7E]{8,256})";

    /** {@code y} says that the client could bind the channel and thinks that we can't, which is right. */
    private static final Pattern FIRST =
            Pattern.compile("([ny],(?:a=([^,]*))?,)(n=([^,]+),r=" + NONCE + ")", Pattern.DOTALL);

    private static final Pattern FINAL = Pattern.compile("(c=([A-Za-z0-9+/=]+),r=" + NONCE + "),p=([A-Za-z0-9+/=]+)");
    private static final Pattern WRONG_ESCAPE = Pattern.compile("=(?!2C|3D)");

    private ScramMessages() {}

    /**
     * The client's first message.
     *
     * @param gs2Header with its commas.
     * @param bare the rest.
     */
    record ClientFirst(String gs2Header, String bare, String username, String nonce) {}

    /**
     * The client's proof.
     *
     * @param channelBinding what it says it has said as GS2 header.
     */
    record ClientFinal(String withoutProof, String channelBinding, String nonce, byte[] proof) {}

    /** Null if it is no such message, asks for what we haven't got, or wants to be somebody else than it proves. */
    static ClientFirst clientFirst(final byte[] data) {
        final String text = text(data);
        final Matcher matcher = text == null ? null : FIRST.matcher(text);
        if (matcher == null || !matcher.matches()) {
            return null;
        }
        final String username = name(matcher.group(4));
        final String actingAs =
                matcher.group(2) == null || matcher.group(2).isEmpty() ? username : name(matcher.group(2));
        return username == null || !username.equals(actingAs)
                ? null
                : new ClientFirst(matcher.group(1), matcher.group(3), username, matcher.group(5));
    }

    /** Null if it is no such message. */
    static ClientFinal clientFinal(final byte[] data) {
        final String text = text(data);
        final Matcher matcher = text == null ? null : FINAL.matcher(text);
        if (matcher == null || !matcher.matches()) {
            return null;
        }
        try {
            return new ClientFinal(
                    matcher.group(1),
                    new String(Base64.getDecoder().decode(matcher.group(2)), StandardCharsets.UTF_8),
                    matcher.group(3),
                    Base64.getDecoder().decode(matcher.group(4)));
        } catch (final IllegalArgumentException ex) {
            return null;
        }
    }

    private static String text(final byte[] data) {
        try {
            return data.length > MAX_BYTES
                    ? null
                    : StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(data))
                            .toString();
        } catch (final CharacterCodingException ex) {
            return null;
        }
    }

    private static String name(final String escaped) {
        return WRONG_ESCAPE.matcher(escaped).find()
                ? null
                : escaped.replace("=2C", ",").replace("=3D", "=");
    }

    static String base64(final byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
