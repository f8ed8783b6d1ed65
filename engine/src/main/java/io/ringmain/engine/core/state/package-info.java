/**
 * What every part of the core's state is made of: the digest that all of them feed, the tables they are found in, the
 * heap of deadlines, the reference to a message in the log, the sections of a snapshot, and the checks that halt the
 * broker when its state can no longer be trusted.
 *
 * <p>Two rules make the core deterministic and are kept here. Hash tables are for finding only: nothing iterates them,
 * so their layout never reaches an output. And every element of the state has a hash of its own content and place,
 * added to one sum when it comes and taken from it when it goes, so that two cores can be compared in one step.
 */
package io.ringmain.engine.core.state;
