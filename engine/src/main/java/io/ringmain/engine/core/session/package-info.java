/**
 * Sessions: what the broker remembers of a client between and during its connections, with the messages in flight to it,
 * those that wait for it, and the ids of those that it has begun to send.
 */
package io.ringmain.engine.core.session;
