/**
 * Who may connect: the ways to find out who a client is, the order in which a listener asks them, and what holds guessing
 * back. {@link io.ringmain.ops.auth.AccessControl} makes all of it from the configuration. Whatever fails keeps the client
 * out; no password is ever part of a message, a log line or an exception.
 */
package io.ringmain.ops.auth;
