package io.ringmain.engine.io.tls;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** Which part of a client's certificate is its name. */
public enum CertificateIdentity {
    CN(-1),
    SAN_EMAIL(1),
    SAN_DNS(2),
    SAN_URI(6);

    private static final int MAX_BYTES = 256;

    /** The tag of a GeneralName, RFC 5280 section 4.2.1.6. */
    private final int tag;

    CertificateIdentity(final int tag) {
        this.tag = tag;
    }

    /**
     * The name: the most specific common name, or the first alternative name of the kind.
     *
     * @return null if it has none, or one that can't be a client's: empty, over 256 bytes of UTF-8, with control
     *     characters.
     */
    public String nameIn(final X509Certificate certificate) {
        final String name = tag < 0 ? commonName(certificate) : alternativeName(certificate);
        final boolean isName = name != null
                && !name.isEmpty()
                && name.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES
                && name.chars().noneMatch(c -> Character.isISOControl(c) || c == 0xFFFD);
        return isName ? name : null;
    }

    private static String commonName(final X509Certificate certificate) {
        try {
            final List<Rdn> parts =
                    new LdapName(certificate.getSubjectX500Principal().getName()).getRdns();
            for (int i = parts.size() - 1; i >= 0; i--) {
                // Bytes if it is of a type that has no text.
                if (parts.get(i).getType().equalsIgnoreCase("CN")
                        && parts.get(i).getValue() instanceof String name) {
                    return name;
                }
            }
            return null;
        } catch (final InvalidNameException ex) {
            return null;
        }
    }

    private String alternativeName(final X509Certificate certificate) {
        try {
            final Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names != null) {
                for (final List<?> name : names) {
                    if (name.get(0).equals(tag)) {
                        return (String) name.get(1);
                    }
                }
            }
            return null;
        } catch (final CertificateParsingException ex) {
            return null;
        }
    }
}
