package io.ringmain.ops.auth;

import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@link PasswordHash#text} writes, and what mosquitto_passwd does. */
final class PasswordHashParser {
    /** More than these nobody waits for; a file is trusted, but a slip in it shall not stop the pool for hours. */
    static final int MAX_ITERATIONS = 10_000_000;

    static final int MAX_MEMORY_KIB = 1 << 20;
    static final int MAX_PASSES = 100;
    static final int MAX_LANES = 64;

    private static final int MAX_BYTES = 512;
    private static final int MIN_ARGON2_SALT = 8;
    private static final int MIN_HASH = 16;
    private static final int SHA512_BYTES = 64;
    private static final Pattern ARGON2_COSTS = Pattern.compile("m=(\\d{1,9}),t=(\\d{1,9}),p=(\\d{1,9})");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    private PasswordHashParser() {}

    /** @throws IllegalArgumentException saying what is wrong and what was expected; never with the text itself. */
    static PasswordHash parse(final String text) {
        final String[] parts = text.split("\\$", -1);
        if (parts.length < 2 || !parts[0].isEmpty()) {
            throw wrong("not a hash: 'ringmain passwd -U FILE' hashes a file of plain passwords");
        }
        return switch (parts[1]) {
            case "6" -> sha512(fields(parts, 4, "$6$salt$hash"));
            case "7" -> pbkdf2(fields(parts, 5, "$7$iterations$salt$hash"));
            case "argon2id" -> argon2id(fields(parts, 6, "$argon2id$v=19$m=KiB,t=passes,p=lanes$salt$hash"));
            case "scram-sha-256" -> scram(fields(parts, 6, "$scram-sha-256$iterations$salt$stored$server"));
            default -> throw wrong("unknown kind of hash, expected $6$, $7$, $argon2id$ or $scram-sha-256$");
        };
    }

    private static IllegalArgumentException wrong(final String message) {
        return new IllegalArgumentException(message);
    }

    private static String[] fields(final String[] parts, final int count, final String expected) {
        if (parts.length != count) {
            throw wrong("expected " + expected);
        }
        return parts;
    }

    private static PasswordHash sha512(final String[] parts) {
        return new PasswordHash.Sha512(
                bytes("salt", parts[2], 1, MAX_BYTES), bytes("hash", parts[3], SHA512_BYTES, SHA512_BYTES));
    }

    private static PasswordHash pbkdf2(final String[] parts) {
        return new PasswordHash.Pbkdf2(
                iterations(parts[2]),
                bytes("salt", parts[3], 1, MAX_BYTES),
                bytes("hash", parts[4], MIN_HASH, MAX_BYTES));
    }

    private static PasswordHash scram(final String[] parts) {
        final int key = PasswordHash.Scram.KEY_BYTES;
        return new PasswordHash.Scram(
                iterations(parts[2]),
                bytes("salt", parts[3], 1, MAX_BYTES),
                bytes("stored key", parts[4], key, key),
                bytes("server key", parts[5], key, key));
    }

    private static PasswordHash argon2id(final String[] parts) {
        final Matcher costs = ARGON2_COSTS.matcher(parts[3]);
        if (!parts[2].equals("v=19") || !costs.matches()) {
            throw wrong("expected $argon2id$v=19$m=KiB,t=passes,p=lanes$salt$hash");
        }
        final int lanes = number("p", costs.group(3), 1, MAX_LANES);
        return new PasswordHash.Argon2id(
                number("m", costs.group(1), 8 * lanes, MAX_MEMORY_KIB),
                number("t", costs.group(2), 1, MAX_PASSES),
                lanes,
                bytes("salt", parts[4], MIN_ARGON2_SALT, MAX_BYTES),
                bytes("hash", parts[5], MIN_HASH, MAX_BYTES));
    }

    private static int iterations(final String text) {
        return number("iterations", text, 1, MAX_ITERATIONS);
    }

    private static int number(final String what, final String text, final int low, final int high) {
        final long value = NUMBER.matcher(text).matches() ? Long.parseLong(text) : -1;
        if (value < low || value > high) {
            throw wrong(what + ": expected a number from " + low + " to " + high);
        }
        return (int) value;
    }

    private static byte[] bytes(final String what, final String text, final int low, final int high) {
        try {
            final byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length >= low && bytes.length <= high) {
                return bytes;
            }
        } catch (final IllegalArgumentException ex) {
            throw wrong(what + ": not base64");
        }
        throw wrong(what + ": expected " + (low == high ? low : low + " to " + high) + " bytes");
    }
}
