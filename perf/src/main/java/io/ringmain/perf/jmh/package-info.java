/**
 * Micro-benchmarks of the hot path, a class for each step of it. Run with {@code ringmain bench micro}; the column to look
 * at is {@code gc.alloc.rate.norm}, bytes per operation, which has to be 0, but for TLS: what its engines allocate for a
 * record is theirs, see {@link TlsRecord} and {@link TlsStream}.
 */
package io.ringmain.perf.jmh;
