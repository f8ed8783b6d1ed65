/**
 * The journal: the stage of the ring that runs before the core. It gives every event its position and its time, writes
 * what is to be kept to the message log in blocks, and says up to where the log is committed.
 *
 * <p>Two agents, journal before sync: the core may go on as soon as the append is done, and what waits for durability
 * waits for the sync. They share a thread, or sync has one of its own and is woken by the journal's.
 */
package io.ringmain.engine.journal;
