/**
 * What threads share without a lock, under jcstress: each class sets two threads on one small state, and says which
 * outcomes there may be and why. Run with {@code ops/bin/stress}. Tests of package-private classes are beside them, in
 * {@code io.ringmain.storage.log} and in the packages of {@code io.ringmain.engine} of this module.
 *
 * <p>The actors of a test are also run one after the other, each alone: none may wait for another without a bound.
 */
package io.ringmain.perf.stress;
