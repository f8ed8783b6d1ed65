package io.ringmain.ops.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The client's side of SCRAM-SHA-256, with what the JDK has and nothing of the broker's. */
public final class ScramClient {
    private final String gs2Header;
    private final String bare;
    private final String nonce;
    private final String password;
    private String expected;

    public ScramClient(final String username, final String password, final String nonce) {
        this("n,,", username, password, nonce);
    }

    /** @param gs2Header with its commas. */
    public ScramClient(final String gs2Header, final String username, final String password, final String nonce) {
        this.gs2Header = gs2Header;
        this.nonce = nonce;
        this.password = password;
        this.bare = "n=" + username.replace("=", "=3D").replace(",", "=2C") + ",r=" + nonce;
    }

    public byte[] first() {
        return (gs2Header + bare).getBytes(UTF_8);
    }

    /** The proof, for the server's first message. */
    public byte[] last(final byte[] serverFirst) {
        final String challenge = new String(serverFirst, UTF_8);
        final String[] parts = challenge.split(",");
        if (!parts[0].startsWith("r=" + nonce) || parts[0].length() < nonce.length() + 10) {
            throw new AssertionError(challenge);
        }
        final String withoutProof =
                "c=" + Base64.getEncoder().encodeToString(gs2Header.getBytes(UTF_8)) + "," + parts[0];
        final byte[] message = (bare + "," + challenge + "," + withoutProof).getBytes(UTF_8);
        try {
            final byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(
                            password.toCharArray(),
                            Base64.getDecoder().decode(parts[1].substring(2)),
                            Integer.parseInt(parts[2].substring(2)),
                            256))
                    .getEncoded();
            final byte[] proof = hmac(salted, "Client Key".getBytes(UTF_8));
            final byte[] signature = hmac(MessageDigest.getInstance("SHA-256").digest(proof), message);
            for (int i = 0; i < proof.length; i++) {
                proof[i] ^= signature[i];
            }
            expected = "v="
                    + Base64.getEncoder().encodeToString(hmac(hmac(salted, "Server Key".getBytes(UTF_8)), message));
            return (withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof)).getBytes(UTF_8);
        } catch (final GeneralSecurityException ex) {
            throw new AssertionError(ex);
        }
    }

    /** Whether the server knows the password as well. */
    public boolean isProven(final byte[] serverLast) {
        return new String(serverLast, UTF_8).equals(expected);
    }

    private static byte[] hmac(final byte[] key, final byte[] data) throws GeneralSecurityException {
        final Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(data);
    }
}
