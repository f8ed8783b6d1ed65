/**
 * What drives the core: the agent that feeds it from the ring, recovery that feeds it from the log, and the publisher
 * that turns what it says into records on the egress lanes. Nobody else calls the core.
 */
package io.ringmain.engine.driver;
