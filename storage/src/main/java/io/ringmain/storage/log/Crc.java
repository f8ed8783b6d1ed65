package io.ringmain.storage.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;

/**
 * CRC32C over Agrona buffers, without garbage as long as the buffer stays the same. Confined to one thread.
 */
final class Crc {
    private final CRC32C crc = new CRC32C();
    private ByteBuffer source;
    private ByteBuffer view;

    Crc reset() {
        crc.reset();
        return this;
    }

    Crc update(final DirectBuffer buffer, final int offset, final int length) {
        final byte[] array = buffer.byteArray();
        if (array != null) {
            crc.update(array, buffer.wrapAdjustment() + offset, length);
        } else {
            final ByteBuffer bytes = viewOf(buffer);
            final int start = buffer.wrapAdjustment() + offset;
            bytes.limit(start + length).position(start);
            crc.update(bytes);
        }
        return this;
    }

    private ByteBuffer viewOf(final DirectBuffer buffer) {
        final ByteBuffer bytes = buffer.byteBuffer();
        if (bytes != source) {
            source = bytes;
            view = bytes.duplicate().clear();
        }
        return view.clear();
    }

    int value() {
        return (int) crc.getValue();
    }
}
