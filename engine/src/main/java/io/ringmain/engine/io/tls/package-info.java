/**
 * TLS between a socket and MQTT: {@link io.ringmain.engine.io.tls.TlsLayer} puts a channel over the socket that encrypts
 * and decrypts where it is read and written, on its agent's thread. Only the hand-shake, which costs a thousand times as
 * much as a record, is computed elsewhere. Files are read by others: what comes here is checked and immutable.
 */
package io.ringmain.engine.io.tls;
