package io.ringmain.ops.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Private keys as the usual tools write them: PKCS#8, encrypted or not, PKCS#1 and SEC 1. */
final class PrivateKeys {
    private static final int TAG_SEQUENCE = 0x30;
    private static final int TAG_OCTET_STRING = 0x04;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
    private static final int PROBE_LENGTH = 32;

    private PrivateKeys() {}

    /**
     * The key of a PEM block.
     *
     * @param publicKey of the certificate: it says what kind of key is wanted.
     * @param password null if there is none.
     * @throws GeneralSecurityException saying what is wrong.
     */
    static PrivateKey of(final PemFile.Block block, final PublicKey publicKey, final char[] password)
            throws GeneralSecurityException {
        try {
            final PKCS8EncodedKeySpec spec = switch (block.type()) {
                case "PRIVATE KEY" -> new PKCS8EncodedKeySpec(block.der());
                case "ENCRYPTED PRIVATE KEY" -> decrypt(block.der(), password);
                case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> wrap(block.der(), publicKey);
                default ->
                    throw new GeneralSecurityException(
                            "a key of the type " + block.type() + ", expected PKCS#8, PKCS#1 (RSA) or SEC 1 (EC)");
            };
            return KeyFactory.getInstance(publicKey.getAlgorithm()).generatePrivate(spec);
        } catch (final InvalidKeySpecException ex) {
            throw new GeneralSecurityException(
                    "damaged, or no " + publicKey.getAlgorithm() + " key as the certificate wants", ex);
        }
    }

    private static PKCS8EncodedKeySpec decrypt(final byte[] der, final char[] password)
            throws GeneralSecurityException {
        if (password == null) {
            throw new GeneralSecurityException("the key is encrypted, and there is no key_password");
        }
        try {
            final EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
            final String algorithm = info.getAlgParameters() == null
                    ? info.getAlgName()
                    : info.getAlgParameters().toString();
            final Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password)),
                    info.getAlgParameters());
            return info.getKeySpec(cipher);
        } catch (final IOException | GeneralSecurityException ex) {
            throw new GeneralSecurityException("can't be decrypted: the password is wrong, or the key damaged", ex);
        }
    }

    /**
     * PKCS#8 around a key that says only what it is, with the algorithm that the certificate names:
     * {@code SEQUENCE { 0, AlgorithmIdentifier, OCTET STRING { key } }}.
     */
    private static PKCS8EncodedKeySpec wrap(final byte[] key, final PublicKey publicKey)
            throws GeneralSecurityException {
        final byte[] info = publicKey.getEncoded();
        final int start = headerLength(info, 0);
        final int length = headerLength(info, start) + contentLength(info, start);
        if (start + length > info.length) {
            throw new GeneralSecurityException("the certificate's public key is damaged");
        }
        final byte[] algorithm = Arrays.copyOfRange(info, start, start + length);
        return new PKCS8EncodedKeySpec(
                element(TAG_SEQUENCE, concat(VERSION_0, algorithm, element(TAG_OCTET_STRING, key))));
    }

    private static int headerLength(final byte[] der, final int at) {
        final int first = der[at + 1] & 0xFF;
        return first < 0x80 ? 2 : 2 + (first & 0x7F);
    }

    private static int contentLength(final byte[] der, final int at) {
        int length = der[at + 1] & 0xFF;
        if (length >= 0x80) {
            final int bytes = length & 0x7F;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | der[at + 2 + i] & 0xFF;
            }
        }
        return length;
    }

    private static byte[] element(final int tag, final byte[] content) {
        final int length = content.length;
        final byte[] header = length < 0x80
                ? new byte[] {(byte) tag, (byte) length}
                : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        return concat(header, content);
    }

    private static byte[] concat(final byte[]... parts) {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (final byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Whether what the one signs the other verifies. */
    static boolean belongTogether(final PrivateKey key, final PublicKey publicKey) {
        final String algorithm = switch (publicKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> publicKey.getAlgorithm();
        };
        try {
            final Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(new byte[PROBE_LENGTH]);
            final byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(new byte[PROBE_LENGTH]);
            return signature.verify(signed);
        } catch (final GeneralSecurityException ex) {
            return false;
        }
    }
}
