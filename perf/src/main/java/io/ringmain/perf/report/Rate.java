package io.ringmain.perf.report;

/**
 * Messages a second in a short interval.
 *
 * @param atS end of the interval, seconds from the beginning of the time that counts.
 */
public record Rate(double atS, double sent, double received) {}
