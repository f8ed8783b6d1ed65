/**
 * Who may connect, and who may read what. The I/O agents ask, once per connection, before anything of it is sequenced;
 * the verdict goes into the log, the password never.
 */
package io.ringmain.engine.auth;
