package io.ringmain.engine.core;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringmain.engine.core.state.MessageRef;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/** Writes the fields of a snapshot section one behind the other. */
final class SectionWriter {
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final long[] words = new long[MessageRef.WORDS];
    private int length;

    SectionWriter begin() {
        length = 0;
        return this;
    }

    SectionWriter i32(final int value) {
        buffer.putInt(length, value, LITTLE_ENDIAN);
        length += Integer.BYTES;
        return this;
    }

    SectionWriter i64(final long value) {
        buffer.putLong(length, value, LITTLE_ENDIAN);
        length += Long.BYTES;
        return this;
    }

    SectionWriter text(final DirectBuffer text) {
        i32(text.capacity());
        buffer.putBytes(length, text, 0, text.capacity());
        length += text.capacity();
        return this;
    }

    SectionWriter reference(final MessageRef message) {
        message.store(words, 0);
        return i64(words[0]).i64(words[1]).i64(words[2]).i64(words[3]);
    }

    void end(final int type, final SnapshotSink sink) {
        sink.onSection(type, buffer, 0, length);
    }
}
