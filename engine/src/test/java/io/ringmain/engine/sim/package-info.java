/**
 * Simulation of the whole broker: the real protocol, ring, journal, core and I/O code on one thread, stepped by a
 * scheduler that a seed drives, over a network, a clock and a log that misbehave as real ones do. Clients speak real
 * bytes; {@link io.ringmain.engine.sim.Oracle} says what they must get.
 */
package io.ringmain.engine.sim;
