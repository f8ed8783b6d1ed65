/**
 * End-to-end tests: a broker in a process of its own, real sockets, real disk, real signals, and clients that others
 * wrote. What those clients can't say, {@link io.ringmain.ops.e2e.RawClient} says in bytes.
 */
package io.ringmain.ops.e2e;
