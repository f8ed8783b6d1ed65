package io.ringmain.ops.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys that tokens may be signed with. The kind of a key decides which algorithm it verifies, and the token only chooses
 * among them: a public key is never taken for a shared secret. Immutable.
 */
final class JwtKeys {
    static final JwtKeys NONE = new JwtKeys(List.of());

    private static final int MIN_SECRET_BYTES = 32;
    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_KEYS = 256;

    private record Key(String id, JWSAlgorithm algorithm, JWSVerifier verifier) {}

    private final List<Key> keys;

    private JwtKeys(final List<Key> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * A secret that is shared with the issuer, for HS256.
     *
     * @throws IllegalArgumentException if it is too short.
     */
    static JwtKeys secret(final byte[] secret) {
        if (secret.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException("expected a key of at least " + MIN_SECRET_BYTES + " bytes");
        }
        try {
            return new JwtKeys(List.of(new Key(null, JWSAlgorithm.HS256, new MACVerifier(secret))));
        } catch (final JOSEException ex) {
            throw new IllegalArgumentException("not a key for HS256", ex);
        }
    }

    /**
     * Public keys, RSA for RS256 and P-256 for ES256; others in the set are passed over.
     *
     * @throws IllegalArgumentException if it is no JWK set, or has none of these.
     */
    static JwtKeys jwks(final String json) {
        final List<Key> keys = new ArrayList<>();
        try {
            for (final JWK jwk : JWKSet.parse(json).getKeys()) {
                final Key key = key(jwk);
                if (key != null && keys.size() < MAX_KEYS) {
                    keys.add(key);
                }
            }
        } catch (final ParseException | JOSEException ex) {
            throw new IllegalArgumentException("not a JWK set", ex);
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("no key for RS256 (RSA of " + MIN_RSA_BITS + " bits) or ES256 in it");
        }
        return new JwtKeys(keys);
    }

    private static Key key(final JWK jwk) throws JOSEException {
        if (jwk.getKeyUse() != null && !jwk.getKeyUse().equals(KeyUse.SIGNATURE)) {
            return null;
        }
        if (jwk instanceof RSAKey rsa && rsa.size() >= MIN_RSA_BITS && isFor(jwk, JWSAlgorithm.RS256)) {
            return new Key(jwk.getKeyID(), JWSAlgorithm.RS256, new RSASSAVerifier(rsa.toRSAPublicKey()));
        }
        return jwk instanceof ECKey ec && ec.getCurve().equals(Curve.P_256) && isFor(jwk, JWSAlgorithm.ES256)
                ? new Key(jwk.getKeyID(), JWSAlgorithm.ES256, new ECDSAVerifier(ec.toECPublicKey()))
                : null;
    }

    private static boolean isFor(final JWK jwk, final JWSAlgorithm algorithm) {
        return jwk.getAlgorithm() == null || jwk.getAlgorithm().equals(algorithm);
    }

    /** Those of both. */
    JwtKeys with(final JwtKeys other) {
        final List<Key> all = new ArrayList<>(keys);
        all.addAll(other.keys);
        return new JwtKeys(all);
    }

    int size() {
        return keys.size();
    }

    /** Whether there is a key that a token with such a header could be signed with. */
    boolean has(final JWSHeader header) {
        return keys.stream().anyMatch(key -> fits(key, header));
    }

    private static boolean fits(final Key key, final JWSHeader header) {
        return key.algorithm.equals(header.getAlgorithm())
                && (header.getKeyID() == null || key.id == null || key.id.equals(header.getKeyID()));
    }

    /** Whether one of the keys that fit the header has signed it. */
    boolean verify(final SignedJWT token) throws JOSEException {
        for (final Key key : keys) {
            if (fits(key, token.getHeader())
                    && key.verifier.verify(token.getHeader(), token.getSigningInput(), token.getSignature())) {
                return true;
            }
        }
        return false;
    }
}
