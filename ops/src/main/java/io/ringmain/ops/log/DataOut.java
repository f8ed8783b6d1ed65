package io.ringmain.ops.log;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Standard output, buffered. When whoever reads it has gone ({@code | head}) nothing more is written, and {@link #isGone}
 * tells so: that is an end, not an error.
 */
final class DataOut implements AutoCloseable {
    private static final int BUFFER_LENGTH = 64 << 10;

    private final PrintStream target = System.out;
    private final OutputStream out = new BufferedOutputStream(new Target(), BUFFER_LENGTH);
    private final Runnable beforeWrite;
    private boolean isGone;

    /** @param beforeWrite called each time before something reaches standard output. */
    DataOut(final Runnable beforeWrite) {
        this.beforeWrite = beforeWrite;
    }

    DataOut() {
        this(() -> {});
    }

    void line(final String text) {
        write(text.getBytes(StandardCharsets.UTF_8));
        write(new byte[] {'\n'});
    }

    void write(final byte[] bytes) {
        try {
            out.write(bytes);
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    void flush() {
        try {
            out.flush();
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Whether nobody reads any more, as far as that was noticed. */
    boolean isGone() {
        return isGone;
    }

    @Override
    public void close() {
        flush();
    }

    /** What the buffer is emptied to. */
    private final class Target extends OutputStream {
        @Override
        public void write(final int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(final byte[] bytes, final int offset, final int length) {
            if (!isGone) {
                beforeWrite.run();
                target.write(bytes, offset, length);
                isGone = target.checkError();
            }
        }
    }
}
