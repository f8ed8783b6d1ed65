/**
 * What drives the core: the agent that feeds it from the ring, recovery that feeds it from the log, and the publisher
 * that turns what it says into records on the egress lanes. Nobody else calls the core. Beside it, the agents that read
 * the log for others: for deliveries, for snapshots, for the catalogue of topics.
 */
package io.ringmain.engine.driver;
