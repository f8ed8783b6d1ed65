/**
 * Who may connect, and what who is connected may do. The I/O agents ask, before anything of a client is sequenced and
 * before anything is sent to it; the verdict goes into the log, the password never.
 */
package io.ringmain.engine.auth;
