/**
 * What threads share without a lock, under jcstress: each class sets two threads on one small state, and says which
 * outcomes there may be and why. Run with {@code ops/bin/stress}. Tests of package-private classes are beside them, in
 * {@code io.ringmain.storage.log}, {@code io.ringmain.engine.driver} and {@code io.ringmain.engine.io} of this module.
 */
package io.ringmain.perf.stress;
