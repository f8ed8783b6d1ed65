/**
 * Micro-benchmarks of the hot path, a class for each step of it. Run with {@code ringmain bench micro}; the column to look
 * at is {@code gc.alloc.rate.norm}, bytes per operation, which has to be 0.
 */
package io.ringmain.perf.jmh;
