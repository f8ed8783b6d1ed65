/**
 * Snapshot files: a state as opaque sections, with a CRC over each block, written beside the old ones and made durable
 * before it counts. A snapshot has the position of the last record of the log that is in it.
 */
package io.ringmain.storage.snapshot;
