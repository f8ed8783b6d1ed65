package io.ringmain.ops.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file of PEM blocks (RFC 7468), and what is in them. Text between blocks means nothing. */
final class PemFile {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s*(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final String BEGIN = "-----BEGIN ";

    /** One block. */
    record Block(String type, byte[] der) {}

    private final String key;
    private final String file;
    private final List<Block> blocks = new ArrayList<>();

    /**
     * @param key of the configuration that names the file.
     * @throws TlsFileException if a block is damaged, or has no end.
     */
    PemFile(final String key, final String file, final byte[] content) throws TlsFileException {
        this.key = key;
        this.file = file;
        final String text = new String(content, StandardCharsets.ISO_8859_1);
        final Matcher matcher = BLOCK.matcher(text);
        int end = 0;
        while (matcher.find()) {
            end = matcher.end();
            blocks.add(new Block(matcher.group(1), decode(matcher.group(1), matcher.group(2))));
        }
        if (text.indexOf(BEGIN, end) >= 0) {
            throw new TlsFileException(key, file + ": the last block has no end: the file is cut off");
        }
        if (blocks.isEmpty()) {
            throw new TlsFileException(key, file + ": neither PEM nor PKCS#12: there is no -----BEGIN");
        }
    }

    private byte[] decode(final String type, final String base64) throws TlsFileException {
        if (base64.contains("Proc-Type:")) {
            throw new TlsFileException(
                    key,
                    file + ": the key is encrypted in OpenSSL's old format: convert it with 'openssl pkcs8 -topk8'");
        }
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (final IllegalArgumentException ex) {
            throw new TlsFileException(key, file + ": the block " + type + " is damaged: " + ex.getMessage());
        }
    }

    /** Certificates in their order; at least one. */
    List<X509Certificate> certificates() throws TlsFileException {
        final List<X509Certificate> found = new ArrayList<>();
        for (final Block block : blocks) {
            if (block.type.equals("CERTIFICATE") || block.type.equals("X509 CERTIFICATE")) {
                try {
                    found.add((X509Certificate) factory().generateCertificate(new ByteArrayInputStream(block.der)));
                } catch (final CertificateException ex) {
                    throw new TlsFileException(key, file + ": a certificate is damaged: " + ex.getMessage());
                }
            }
        }
        if (found.isEmpty()) {
            throw new TlsFileException(key, file + ": there is no certificate in it");
        }
        return found;
    }

    /** Revocation lists; at least one. */
    List<X509CRL> revocations() throws TlsFileException {
        final List<X509CRL> found = new ArrayList<>();
        for (final Block block : blocks) {
            if (block.type.equals("X509 CRL")) {
                try {
                    found.add((X509CRL) factory().generateCRL(new ByteArrayInputStream(block.der)));
                } catch (final CRLException | CertificateException ex) {
                    throw new TlsFileException(key, file + ": a revocation list is damaged: " + ex.getMessage());
                }
            }
        }
        if (found.isEmpty()) {
            throw new TlsFileException(key, file + ": there is no revocation list (X509 CRL) in it");
        }
        return found;
    }

    private static CertificateFactory factory() throws CertificateException {
        return CertificateFactory.getInstance("X.509");
    }

    /** The first private key. */
    Block privateKey() throws TlsFileException {
        for (final Block block : blocks) {
            if (block.type.endsWith("PRIVATE KEY")) {
                return block;
            }
        }
        throw new TlsFileException(key, file + ": there is no private key in it");
    }
}
