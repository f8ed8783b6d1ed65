package io.ringmain.storage.log;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/** One check of a whole log: every byte, every link, and the hash chain against sidecars and an anchor. */
final class LogVerification {
    private final LogAnchor anchor;
    private final Consumer<LogFinding> findings;
    private final SegmentCheck check;
    private final HashChain chain;
    private final List<LogGap> gaps;
    private long found;
    private long firstPosition = -1;
    private byte[] segmentChainBefore;
    private long segmentFirstPosition;
    private boolean isAnchorMet;
    private boolean isChainKnown = true;

    /** @param anchor to be met, null for none. */
    LogVerification(
            final GapList gaps, final HashChain chain, final LogAnchor anchor, final Consumer<LogFinding> findings) {
        this.gaps = gaps.gaps();
        this.check = new SegmentCheck(gaps);
        this.chain = chain;
        this.anchor = anchor;
        this.findings = findings;
    }

    /**
     * Goes over the next segment, also behind damage.
     *
     * @param sidecar null if there is none.
     */
    void verify(final Segment segment, final Sidecar sidecar) {
        final long foundBefore = found;
        segmentFirstPosition = -1;
        if (!isChainKnown && sidecar != null) {
            chain.resumeAt(sidecar.firstPosition(), sidecar.chainBefore());
            isChainKnown = true;
        }
        boolean intact = check.run(segment, this::onBlock);
        while (true) {
            final int from = intact ? check.endOffset() : Math.max(check.endOffset() + 8, check.damageOffset() + 1);
            final int behind = check.blockBehind(segment, from);
            if (!intact) {
                find(segment, check.damageOffset(), check.damagePosition(), check.damage());
            } else if (behind > check.endOffset()) {
                find(segment, check.endOffset(), check.nextPosition(), "hole: intact blocks lie behind");
            }
            if (behind < 0) {
                break;
            }
            if (!intact || behind > check.endOffset()) {
                check.skipDamage();
            }
            intact = check.resume(segment, behind, this::onBlock);
        }
        if (sidecar != null && segmentFirstPosition >= 0 && found == foundBefore) {
            compare(segment, sidecar);
        }
        // What is wrong is found once: behind it the chain goes on from what was sealed.
        isChainKnown &= found == foundBefore;
    }

    private void onBlock(final Segment segment, final int documentOffset, final int block) {
        final long position = BlockDescriptor.firstPosition(segment.buffer(), block);
        final byte[] before = chain.before(position);
        if (firstPosition < 0) {
            firstPosition = position;
        }
        if (segmentFirstPosition < 0) {
            segmentFirstPosition = position;
            segmentChainBefore = before;
        }
        meetAnchor(segment, block, position, before);
        chain.add(segment.buffer(), block);
        final long next = BlockDescriptor.nextPosition(segment.buffer(), block);
        if (anchor != null && anchor.position() > position && anchor.position() < next) {
            isAnchorMet = true;
            find(
                    segment,
                    block,
                    anchor.position(),
                    "anchor: no block begins there, but one at " + position + " and the next at " + next);
        }
        meetAnchor(segment, block, next, chain.value());
    }

    private void meetAnchor(final Segment segment, final int block, final long position, final byte[] value) {
        if (anchor == null || isAnchorMet || anchor.position() != position) {
            return;
        }
        isAnchorMet = true;
        final String hash = HexFormat.of().formatHex(value);
        if (!hash.equals(anchor.hash())) {
            find(
                    segment,
                    block,
                    position,
                    "anchor: the chain has " + hash + " here, not " + anchor.hash()
                            + (isBehindGap(position) ? "; it isn't known here, behind a salvaged gap" : ""));
        }
    }

    private boolean isBehindGap(final long position) {
        return gaps.stream()
                .anyMatch(gap ->
                        position >= gap.toPosition() && (gap.resumePosition() < 0 || position < gap.resumePosition()));
    }

    private void compare(final Segment segment, final Sidecar sidecar) {
        final String hex = HexFormat.of().formatHex(chain.value());
        if (sidecar.firstPosition() != segmentFirstPosition || sidecar.nextPosition() != check.nextPosition()) {
            find(
                    segment,
                    0,
                    segmentFirstPosition,
                    "sidecar: positions " + sidecar.firstPosition() + " to " + sidecar.nextPosition()
                            + " were sealed, the segment ends at " + check.nextPosition());
        } else if (!Arrays.equals(sidecar.chainBefore(), segmentChainBefore)) {
            find(segment, 0, segmentFirstPosition, "sidecar: the hash chain before the segment is not what was sealed");
        } else if (!chain.isAt(sidecar.chainAfter())) {
            find(
                    segment,
                    0,
                    segmentFirstPosition,
                    "sidecar: the hash chain behind the segment is " + hex + ", "
                            + HexFormat.of().formatHex(sidecar.chainAfter()) + " was sealed: records were altered");
        }
    }

    private void find(final Segment segment, final long byteOffset, final long position, final String what) {
        found++;
        findings.accept(new LogFinding(segment.file(), byteOffset, position, what));
    }

    long records() {
        return check.records();
    }

    /** The sum of it; {@code files} and {@code bytes} were read. */
    LogInspector.Summary finish(final Path directory, final int files, final long bytes) {
        final long next = Math.max(0, check.nextPosition());
        if (anchor != null && !isAnchorMet) {
            found++;
            findings.accept(new LogFinding(
                    directory,
                    0,
                    anchor.position(),
                    anchor.position() > next
                            ? "anchor: behind the end of the log, which is at " + next
                            : "anchor: the log doesn't reach back to it, it begins at " + Math.max(0, firstPosition)));
        }
        return new LogInspector.Summary(
                files,
                check.blocks(),
                check.records(),
                Math.max(0, firstPosition),
                next,
                HexFormat.of().formatHex(chain.value()),
                bytes,
                gaps.stream().filter(gap -> gap.toPosition() >= firstPosition).toList(),
                0,
                0,
                found);
    }
}
