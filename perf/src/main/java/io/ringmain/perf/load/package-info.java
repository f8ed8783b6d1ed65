/**
 * The load generator and the benchmarks that are built on it: raw NIO, many messages for each system call, so that the
 * broker is what is measured. Latency counts from the instant at which a message was to be sent.
 */
package io.ringmain.perf.load;
