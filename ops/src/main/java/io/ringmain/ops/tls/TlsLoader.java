package io.ringmain.ops.tls;

import io.ringmain.engine.io.tls.ClientAuth;
import io.ringmain.engine.io.tls.ClientTrust;
import io.ringmain.engine.io.tls.ServerCertificate;
import io.ringmain.engine.io.tls.TlsSettings;
import io.ringmain.ops.tls.ListenerTls.CertificateFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.List;

/** Reads the files of one listener. */
final class TlsLoader {
    private static final String CERT = "cert";
    private static final String KEY = "key";
    private static final int DNS_NAME = 2;
    private static final long MAX_FILE_LENGTH = 64 << 20;

    private final ListenerTls tls;
    private final List<String> warnings = new ArrayList<>();

    TlsLoader(final ListenerTls tls) {
        this.tls = tls;
    }

    /** What is no reason not to start, but will be one for clients not to connect. */
    List<String> warnings() {
        return warnings;
    }

    /** @throws TlsFileException for the first thing that is wrong. */
    TlsSettings load() throws TlsFileException {
        final List<ServerCertificate> certificates = new ArrayList<>();
        certificates.add(certificate(tls.certificate()));
        for (final CertificateFiles other : tls.others()) {
            certificates.add(certificate(other));
        }
        final ClientTrust trust = trust();
        try {
            return TlsSettings.of(tls.options(), certificates, trust);
        } catch (final GeneralSecurityException ex) {
            throw new TlsFileException("", ex.getMessage());
        }
    }

    private ClientTrust trust() throws TlsFileException {
        if (tls.options().clientAuth() == ClientAuth.NONE) {
            if (tls.clientCa() != null || tls.crl() != null) {
                throw new TlsFileException(
                        "client_auth", "with client_ca or crl it must be request or require, else nobody is checked");
            }
            return ClientTrust.NOBODY;
        }
        if (tls.clientCa() == null) {
            throw new TlsFileException("client_auth", "needs client_ca: whose certificates clients may show");
        }
        final List<X509Certificate> authorities =
                new PemFile("client_ca", tls.clientCa().toString(), read("client_ca", tls.clientCa())).certificates();
        authorities.forEach(authority -> warnIfNotValid(tls.clientCa(), authority));
        return new ClientTrust(authorities, tls.crl() == null ? List.of() : revocations());
    }

    private List<X509CRL> revocations() throws TlsFileException {
        final List<X509CRL> lists = new PemFile("crl", tls.crl().toString(), read("crl", tls.crl())).revocations();
        final Date now = new Date();
        for (final X509CRL list : lists) {
            if (list.getNextUpdate() != null && list.getNextUpdate().before(now)) {
                warnings.add(tls.crl() + ": the list of " + list.getIssuerX500Principal() + " is out of date since "
                        + list.getNextUpdate().toInstant() + ": none of its clients is let in");
            }
        }
        return lists;
    }

    private ServerCertificate certificate(final CertificateFiles files) throws TlsFileException {
        final byte[] content = read(files.section() + CERT, files.cert());
        final ServerCertificate found =
                content.length > 0 && content[0] == 0x30 ? pkcs12(files, content) : pem(files, content);
        final X509Certificate own = found.chain().get(0);
        if (!PrivateKeys.belongTogether(found.key(), own.getPublicKey())) {
            throw new TlsFileException(
                    files.section() + KEY,
                    (files.key() == null ? files.cert() : files.key()) + ": the key is not that of the certificate in "
                            + files.cert() + " (" + own.getSubjectX500Principal() + ")");
        }
        warnIfNotValid(files.cert(), own);
        return found;
    }

    private void warnIfNotValid(final Path file, final X509Certificate certificate) {
        try {
            certificate.checkValidity();
        } catch (final CertificateExpiredException ex) {
            warnings.add(file + ": the certificate of " + certificate.getSubjectX500Principal() + " has expired on "
                    + certificate.getNotAfter().toInstant());
        } catch (final CertificateNotYetValidException ex) {
            warnings.add(file + ": the certificate of " + certificate.getSubjectX500Principal()
                    + " is not valid before " + certificate.getNotBefore().toInstant());
        }
    }

    private ServerCertificate pem(final CertificateFiles files, final byte[] content) throws TlsFileException {
        final List<X509Certificate> chain =
                new PemFile(files.section() + CERT, files.cert().toString(), content).certificates();
        final String key = files.section() + KEY;
        final Path file = files.key() == null ? files.cert() : files.key();
        refuseIfWorldReadable(key, file);
        final PemFile.Block block = new PemFile(key, file.toString(), read(key, file)).privateKey();
        try {
            return new ServerCertificate(
                    names(files, chain.get(0)),
                    chain,
                    PrivateKeys.of(block, chain.get(0).getPublicKey(), files.password()));
        } catch (final GeneralSecurityException ex) {
            throw new TlsFileException(key, file + ": the private key: " + ex.getMessage());
        }
    }

    private ServerCertificate pkcs12(final CertificateFiles files, final byte[] content) throws TlsFileException {
        final String key = files.section() + CERT;
        refuseIfWorldReadable(key, files.cert());
        if (files.key() != null) {
            throw new TlsFileException(
                    files.section() + KEY, files.cert() + " is PKCS#12 and has a key of its own: leave out key");
        }
        final char[] password = files.password() == null ? new char[0] : files.password();
        try {
            final KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(content), password);
            for (final String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    final List<X509Certificate> chain = new ArrayList<>();
                    for (final var certificate : store.getCertificateChain(alias)) {
                        chain.add((X509Certificate) certificate);
                    }
                    return new ServerCertificate(
                            names(files, chain.get(0)), chain, (PrivateKey) store.getKey(alias, password));
                }
            }
        } catch (final IOException | GeneralSecurityException ex) {
            throw new TlsFileException(
                    key, files.cert() + ": can't be read as PKCS#12: key_password is wrong, or the file damaged");
        }
        throw new TlsFileException(key, files.cert() + ": there is no private key in it");
    }

    private static List<String> names(final CertificateFiles files, final X509Certificate certificate)
            throws TlsFileException {
        if (!files.names().isEmpty() || files.section().isEmpty()) {
            return files.names();
        }
        final List<String> names = new ArrayList<>();
        try {
            final Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (final List<?> name : alternatives) {
                    if (name.get(0).equals(DNS_NAME)) {
                        names.add((String) name.get(1));
                    }
                }
            }
        } catch (final CertificateParsingException ex) {
            throw new TlsFileException(files.section() + CERT, files.cert() + ": " + ex.getMessage());
        }
        if (names.isEmpty()) {
            throw new TlsFileException(
                    files.section() + CERT,
                    files.cert() + ": the certificate names no host (subjectAltName): give " + files.section()
                            + "names");
        }
        return names;
    }

    private static void refuseIfWorldReadable(final String key, final Path file) throws TlsFileException {
        try {
            if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                throw new TlsFileException(
                        key, file + ": everybody on this machine can read the private key: chmod o-rwx it");
            }
        } catch (final UnsupportedOperationException ignored) {
            // A file system without such rights.
            return;
        } catch (final IOException ex) {
            throw unreadable(key, file, ex);
        }
    }

    private static byte[] read(final String key, final Path file) throws TlsFileException {
        try {
            if (Files.size(file) > MAX_FILE_LENGTH) {
                throw new TlsFileException(key, file + ": larger than " + (MAX_FILE_LENGTH >> 20) + " MB");
            }
            return Files.readAllBytes(file);
        } catch (final IOException ex) {
            throw unreadable(key, file, ex);
        }
    }

    private static TlsFileException unreadable(final String key, final Path file, final IOException ex) {
        return new TlsFileException(
                key, file + (ex instanceof NoSuchFileException ? ": there is no such file" : ": can't be read: " + ex));
    }
}
