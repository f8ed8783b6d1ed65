package io.ringmain.ops.auth;

import java.security.SecureRandom;

/** The kinds of hash that {@code ringmain passwd} makes, named as mosquitto_passwd names them. */
enum HashKind {
    /** Mosquitto before 2.0 reads nothing else. One round: only for such files. */
    SHA512("sha512") {
        @Override
        PasswordHash hash(final byte[] password, final int iterations, final byte[] salt) {
            return PasswordHash.Sha512.of(password, salt);
        }
    },
    SHA512_PBKDF2("sha512-pbkdf2") {
        @Override
        PasswordHash hash(final byte[] password, final int iterations, final byte[] salt) {
            return PasswordHash.Pbkdf2.of(password, iterations == 0 ? PBKDF2_ITERATIONS : iterations, salt);
        }
    },
    ARGON2ID("argon2id") {
        @Override
        PasswordHash hash(final byte[] password, final int iterations, final byte[] salt) {
            return PasswordHash.Argon2id.of(password, ARGON2_KIB, ARGON2_PASSES, 1, salt);
        }
    },
    SCRAM_SHA_256("scram-sha-256") {
        @Override
        PasswordHash hash(final byte[] password, final int iterations, final byte[] salt) {
            return PasswordHash.Scram.of(password, iterations == 0 ? SCRAM_ITERATIONS : iterations, salt);
        }
    };

    /** Ten times what mosquitto_passwd 2.1 takes by default; mosquitto reads any number. */
    static final int PBKDF2_ITERATIONS = 10_000;

    /** What RFC 7677 asks for at least; a client computes it at each connect. */
    static final int SCRAM_ITERATIONS = 4096;

    private static final int ARGON2_KIB = 47_104;
    private static final int ARGON2_PASSES = 1;
    /** As long as mosquitto's: 2.0 takes no other length. */
    private static final int SALT_BYTES = 12;

    private final String label;

    HashKind(final String label) {
        this.label = label;
    }

    @Override
    public String toString() {
        return label;
    }

    abstract PasswordHash hash(byte[] password, int iterations, byte[] salt);

    /** @param iterations 0 for the default of the kind. */
    PasswordHash hash(final byte[] password, final int iterations) {
        final int saltBytes = this == SHA512 || this == SHA512_PBKDF2 ? SALT_BYTES : PasswordHash.SALT_BYTES;
        return hash(password, iterations, PasswordHash.bytes(new SecureRandom(), saltBytes));
    }
}
