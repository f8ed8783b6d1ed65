/**
 * The ring that orders every event, and the lanes that carry what the core says back to the I/O agents.
 *
 * <p>Into the ring: {@link io.ringmain.engine.ring.SlotRing}, claimed by I/O agents and by the journal for its ticks.
 * Out of the core: one egress lane for each I/O agent, an Agrona ring buffer of
 * {@link io.ringmain.engine.ring.EgressRecord} messages. Beside them: two rings per lane for messages that have to be
 * read from the log, {@link io.ringmain.engine.ring.FetchRecord}.
 */
package io.ringmain.engine.ring;
