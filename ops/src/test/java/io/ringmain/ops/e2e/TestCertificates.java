package io.ringmain.ops.e2e;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority for tests, and what it has signed, as PEM files in a directory. */
public final class TestCertificates {
    private static final String ALGORITHM = "SHA256withECDSA";

    private final Path dir;
    private final AtomicLong serials = new AtomicLong(1);
    private final KeyPair authorityKeys = keys();
    private final X500Name authorityName = new X500Name("CN=Test CA");

    /** Writes {@code ca.pem}. */
    public TestCertificates(final Path dir) throws Exception {
        this.dir = dir;
        final X509v3CertificateBuilder builder =
                builder(authorityName, authorityKeys, Instant.now().plus(30, ChronoUnit.DAYS));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        write("ca.pem", pem("CERTIFICATE", sign(builder).getEncoded()));
    }

    private static KeyPair keys() throws Exception {
        final KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private X509v3CertificateBuilder builder(final X500Name subject, final KeyPair keys, final Instant end) {
        return new JcaX509v3CertificateBuilder(
                authorityName,
                BigInteger.valueOf(serials.getAndIncrement()),
                Date.from(end.minus(60, ChronoUnit.DAYS)),
                Date.from(end),
                subject,
                keys.getPublic());
    }

    private X509Certificate sign(final X509v3CertificateBuilder builder) throws Exception {
        return new JcaX509CertificateConverter().getCertificate(builder.build(signer()));
    }

    private ContentSigner signer() throws Exception {
        return new JcaContentSignerBuilder(ALGORITHM).build(authorityKeys.getPrivate());
    }

    /** Writes {@code NAME.pem} and {@code NAME.key}. */
    public X509Certificate issue(final String name, final String subject, final Instant end, final GeneralName... names)
            throws Exception {
        final KeyPair keys = keys();
        final X509v3CertificateBuilder builder = builder(new X500Name(subject), keys, end);
        if (names.length > 0) {
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
        final X509Certificate certificate = sign(builder);
        write(name + ".pem", pem("CERTIFICATE", certificate.getEncoded()));
        write(name + ".key", pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        return certificate;
    }

    /** As {@link #issue}, valid for the next weeks. */
    public X509Certificate issue(final String name, final String subject, final GeneralName... names) throws Exception {
        return issue(name, subject, Instant.now().plus(30, ChronoUnit.DAYS), names);
    }

    /** For a host of this name. */
    public X509Certificate server(final String name, final String host) throws Exception {
        return issue(
                name,
                "CN=" + host,
                new GeneralName(GeneralName.dNSName, host),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
    }

    /** Writes {@code crl.pem}. */
    public void revoke(final X509Certificate... certificates) throws Exception {
        final X509v2CRLBuilder builder = new X509v2CRLBuilder(authorityName, new Date());
        builder.setNextUpdate(Date.from(Instant.now().plus(30, ChronoUnit.DAYS)));
        for (final X509Certificate certificate : certificates) {
            builder.addCRLEntry(certificate.getSerialNumber(), new Date(), CRLReason.keyCompromise);
        }
        final X509CRL crl = new JcaX509CRLConverter().getCRL(builder.build(signer()));
        write("crl.pem", pem("X509 CRL", crl.getEncoded()));
    }

    private static String pem(final String type, final byte[] der) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + type + "-----\n";
    }

    private void write(final String name, final String text) throws IOException {
        final Path temporary = dir.resolve(name + ".new");
        Files.deleteIfExists(temporary);
        Files.createFile(temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(temporary, text);
        Files.move(temporary, dir.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Path of a file. */
    public String path(final String name) {
        return dir.resolve(name).toString();
    }
}
