/**
 * The message log: an append-only stream of opaque records, in blocks, in segment files.
 *
 * <p>{@link io.ringmain.storage.log.MessageLog} is the port that the broker sees;
 * {@link io.ringmain.storage.log.ChronicleMessageLog} is it on disk; {@link io.ringmain.storage.log.LogInspector} is
 * for tools that look from outside.
 *
 * <p>The log loses its beginning a segment at a time ({@link io.ringmain.storage.log.SegmentList}); what is live in a
 * segment that goes stays, in a file that {@link io.ringmain.storage.log.KeptDescriptor} describes.
 *
 * <p>A segment that is full is sealed ({@link io.ringmain.storage.log.SegmentSealer}): a {@link
 * io.ringmain.storage.log.Sidecar} says what it holds, so that starts and narrow questions pass it by, and a {@link
 * io.ringmain.storage.log.HashChain} goes over its blocks. {@link io.ringmain.storage.log.LogRecovery} brings the files of
 * the run before into order; {@link io.ringmain.storage.log.SegmentSalvage} takes what is intact out of a damaged one.
 *
 * <p>Chronicle Queue does the mapped append and nothing else, because of what was measured with version 2026.4:
 *
 * <ul>
 *   <li>Its {@code sync()} doesn't reach the tail of an earlier chunk or file: at 4 of 6 simulated power cuts
 *       acknowledged records were gone. {@code FileChannel.force(false)} on the same file lost none at 18 of 18.
 *   <li>Its tailers take damage for the end of the data, silently, and have no checksum. Ours walk the file and check.
 *   <li>It appends to, renames or waits seconds for files that a crash left half-made. So it gets a folder of its own,
 *       empty at every start.
 *   <li>A full disk is a fault in mapped memory, delivered late. So a segment is filled with zeroes before it is used,
 *       and its end is never passed.
 *   <li>Its wall clock decides when to roll, and a step back makes every append fail. So it gets a clock that we turn.
 * </ul>
 *
 * <p>The whole list, how each is met, and the test that shows it, is in {@code storage/DANGERS.md}.
 */
package io.ringmain.storage.log;
