/**
 * The files of TLS: certificates, keys, authorities, revocation lists. Read and checked as a whole, at start, when the
 * broker is told to reload, and when they have changed; what is wrong is said with the file and what was expected.
 */
package io.ringmain.ops.tls;
