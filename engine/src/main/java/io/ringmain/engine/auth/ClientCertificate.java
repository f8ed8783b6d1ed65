package io.ringmain.engine.auth;

import java.security.cert.X509Certificate;

/**
 * A certificate that was verified while a connection was encrypted.
 *
 * @param name what the listener takes for the client's name: the subject's common name, or an alternative name.
 * @param certificate itself.
 */
public record ClientCertificate(String name, X509Certificate certificate) {
    /** Distinguished name of the subject, RFC 2253. */
    public String subject() {
        return certificate.getSubjectX500Principal().getName();
    }
}
