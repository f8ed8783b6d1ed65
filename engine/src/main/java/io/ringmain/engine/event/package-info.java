/**
 * The sequenced events: their layouts in the ring, which are also those of the records in the log. Flyweights without
 * behaviour; what an event means is the core's business.
 */
package io.ringmain.engine.event;
