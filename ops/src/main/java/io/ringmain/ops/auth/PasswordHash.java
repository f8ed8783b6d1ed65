package io.ringmain.ops.auth;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * What is kept of a password. Written as mosquitto_passwd writes it:
 *
 * <pre>
 *   $6$salt$hash                                    SHA-512 of password and salt; mosquitto before 2.0
 *   $7$iterations$salt$hash                         PBKDF2 with HMAC-SHA-512; mosquitto 2.0
 *   $argon2id$v=19$m=KiB,t=passes,p=lanes$salt$hash Argon2id; mosquitto 2.1; base64 with or without its padding
 *   $scram-sha-256$iterations$salt$stored$server    our own: StoredKey and ServerKey of RFC 5802
 * </pre>
 *
 * Immutable; its arrays are not handed out to change.
 */
sealed interface PasswordHash {
    int SALT_BYTES = 16;

    /** Whether it is the hash of this password; takes as long for a wrong one as for the right one. */
    boolean verify(byte[] password);

    /** As it stands in a file. */
    String text();

    /** What a verification costs, in steps of about a microsecond: says which of two is dearer. */
    long cost();

    /** A hash of nobody's password that costs the same. */
    PasswordHash dummy(SecureRandom random);

    /** SHA-512 of the password and a salt behind it. */
    record Sha512(byte[] salt, byte[] hash) implements PasswordHash {
        static Sha512 of(final byte[] password, final byte[] salt) {
            return new Sha512(salt, digest("SHA-512", password, salt));
        }

        @Override
        public boolean verify(final byte[] password) {
            return MessageDigest.isEqual(hash, digest("SHA-512", password, salt));
        }

        @Override
        public String text() {
            return "$6$" + encode(salt) + "$" + encode(hash);
        }

        @Override
        public long cost() {
            return 1;
        }

        @Override
        public PasswordHash dummy(final SecureRandom random) {
            return new Sha512(bytes(random, salt.length), bytes(random, hash.length));
        }
    }

    /** PBKDF2 with HMAC-SHA-512. */
    record Pbkdf2(int iterations, byte[] salt, byte[] hash) implements PasswordHash {
        static final int HASH_BYTES = 64;

        static Pbkdf2 of(final byte[] password, final int iterations, final byte[] salt) {
            return new Pbkdf2(iterations, salt, pbkdf2("HmacSHA512", password, salt, iterations, HASH_BYTES));
        }

        @Override
        public boolean verify(final byte[] password) {
            return MessageDigest.isEqual(hash, pbkdf2("HmacSHA512", password, salt, iterations, hash.length));
        }

        @Override
        public String text() {
            return "$7$" + iterations + "$" + encode(salt) + "$" + encode(hash);
        }

        @Override
        public long cost() {
            return iterations;
        }

        @Override
        public PasswordHash dummy(final SecureRandom random) {
            return new Pbkdf2(iterations, bytes(random, salt.length), bytes(random, hash.length));
        }
    }

    /** Argon2id, version 0x13. */
    record Argon2id(int memoryKib, int passes, int lanes, byte[] salt, byte[] hash) implements PasswordHash {
        static final int HASH_BYTES = 64;

        static Argon2id of(
                final byte[] password, final int memoryKib, final int passes, final int lanes, final byte[] salt) {
            final byte[] hash = new byte[HASH_BYTES];
            compute(password, memoryKib, passes, lanes, salt, hash);
            return new Argon2id(memoryKib, passes, lanes, salt, hash);
        }

        private static void compute(
                final byte[] password,
                final int memoryKib,
                final int passes,
                final int lanes,
                final byte[] salt,
                final byte[] target) {
            final Argon2BytesGenerator generator = new Argon2BytesGenerator();
            generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(memoryKib)
                    .withIterations(passes)
                    .withParallelism(lanes)
                    .withSalt(salt)
                    .build());
            generator.generateBytes(password, target);
        }

        @Override
        public boolean verify(final byte[] password) {
            final byte[] computed = new byte[hash.length];
            compute(password, memoryKib, passes, lanes, salt, computed);
            return MessageDigest.isEqual(hash, computed);
        }

        @Override
        public String text() {
            return "$argon2id$v=19$m=" + memoryKib + ",t=" + passes + ",p=" + lanes + "$" + unpadded(salt) + "$"
                    + unpadded(hash);
        }

        private static String unpadded(final byte[] bytes) {
            return Base64.getEncoder().withoutPadding().encodeToString(bytes);
        }

        @Override
        public long cost() {
            return 2L * memoryKib * passes;
        }

        @Override
        public PasswordHash dummy(final SecureRandom random) {
            return new Argon2id(memoryKib, passes, lanes, bytes(random, salt.length), bytes(random, hash.length));
        }
    }

    /** What a server keeps for SCRAM-SHA-256: nobody can log in with it who has stolen it. */
    record Scram(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) implements PasswordHash {
        static final int KEY_BYTES = 32;

        static Scram of(final byte[] password, final int iterations, final byte[] salt) {
            final byte[] salted = pbkdf2("HmacSHA256", password, salt, iterations, KEY_BYTES);
            final byte[] storedKey = digest("SHA-256", ScramKeys.clientKey(salted));
            return new Scram(iterations, salt, storedKey, ScramKeys.serverKey(salted));
        }

        @Override
        public boolean verify(final byte[] password) {
            return MessageDigest.isEqual(storedKey, of(password, iterations, salt).storedKey);
        }

        @Override
        public String text() {
            return "$scram-sha-256$" + iterations + "$" + encode(salt) + "$" + encode(storedKey) + "$"
                    + encode(serverKey);
        }

        @Override
        public long cost() {
            return iterations;
        }

        /** Whether a client that has signed a message so knows the password. */
        boolean isProvenBy(final byte[] proof, final byte[] message) {
            if (proof.length != KEY_BYTES) {
                return false;
            }
            final byte[] clientKey = ScramKeys.hmac(storedKey, message);
            for (int i = 0; i < KEY_BYTES; i++) {
                clientKey[i] ^= proof[i];
            }
            return MessageDigest.isEqual(storedKey, digest("SHA-256", clientKey));
        }

        @Override
        public PasswordHash dummy(final SecureRandom random) {
            return new Scram(
                    iterations, bytes(random, salt.length), bytes(random, KEY_BYTES), bytes(random, KEY_BYTES));
        }
    }

    private static String encode(final byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Fresh random bytes. */
    static byte[] bytes(final SecureRandom random, final int length) {
        final byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Digest of the parts, one behind the other. */
    static byte[] digest(final String algorithm, final byte[]... parts) {
        try {
            final MessageDigest digest = MessageDigest.getInstance(algorithm);
            Arrays.stream(parts).forEach(digest::update);
            return digest.digest();
        } catch (final GeneralSecurityException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** A MAC with a key of any length, none included. */
    static Mac mac(final String algorithm, final byte[] key) {
        try {
            final Mac mac = Mac.getInstance(algorithm);
            // HMAC pads its key with zeros, so this is the empty key, which the JDK refuses.
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, algorithm));
            return mac;
        } catch (final GeneralSecurityException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** PBKDF2 of RFC 8018 over bytes; the JDK's own takes characters. */
    static byte[] pbkdf2(
            final String algorithm, final byte[] password, final byte[] salt, final int iterations, final int length) {
        final Mac mac = mac(algorithm, password);
        final byte[] result = new byte[length];
        for (int block = 1, at = 0; at < length; block++) {
            mac.update(salt);
            mac.update(new byte[] {(byte) (block >>> 24), (byte) (block >>> 16), (byte) (block >>> 8), (byte) block});
            byte[] u = mac.doFinal();
            final byte[] sum = u.clone();
            for (int i = 1; i < iterations; i++) {
                u = mac.doFinal(u);
                for (int j = 0; j < sum.length; j++) {
                    sum[j] ^= u[j];
                }
            }
            final int count = Math.min(sum.length, length - at);
            System.arraycopy(sum, 0, result, at, count);
            at += count;
        }
        return result;
    }
}
