/**
 * Which topics exist: what the log says about each of them, the file that keeps it over restarts, and what passes
 * between the I/O agents that ask and the agent that knows. No state of the broker: all of it can be had from the log
 * again, as far as the log goes back.
 */
package io.ringmain.engine.catalog;
