package io.ringmain.ops.config;

import io.ringmain.engine.auth.Acl;
import io.ringmain.engine.auth.AclException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;

/** Reads a file with an access control list. It holds no secret, but whoever may write it decides what clients may do. */
public final class AclFile {
    private static final long MAX_FILE_BYTES = 64L << 20;

    private AclFile() {}

    /**
     * Reads and compiles a list.
     *
     * @param maxRules that it may have.
     * @param errors gets a line {@code file:line:column: ...} for each thing that is wrong.
     * @return null if anything is.
     */
    public static Acl read(final Path file, final int maxRules, final List<String> errors) {
        try {
            final String problem = problem(file);
            if (problem != null) {
                errors.add(file + ": " + problem);
                return null;
            }
            final String text = text(file, Files.readAllBytes(file), errors);
            return text == null ? null : Acl.parse(text, maxRules);
        } catch (final AclException ex) {
            ex.errors().forEach(error -> errors.add(file + ":" + error));
        } catch (final IOException ex) {
            errors.add(file + ": can't be read: " + ex.getMessage());
        }
        return null;
    }

    private static String problem(final Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Files.exists(file) ? "not a file" : "there is no such file";
        }
        if (!Files.isReadable(file)) {
            return "can't be read: not permitted";
        }
        if (Files.size(file) > MAX_FILE_BYTES) {
            return "longer than " + MAX_FILE_BYTES + " bytes";
        }
        return isWritableByAll(file) ? "everybody on this machine can write it: chmod o-w " + file : null;
    }

    private static boolean isWritableByAll(final Path file) throws IOException {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_WRITE);
        } catch (final UnsupportedOperationException ex) {
            // A file system without such permissions.
            return false;
        }
    }

    private static String text(final Path file, final byte[] content, final List<String> errors) {
        final ByteBuffer bytes = ByteBuffer.wrap(content);
        final CharBuffer chars = CharBuffer.allocate(content.length);
        final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        if (decoder.decode(bytes, chars, true).isError()) {
            final String before = chars.flip().toString();
            final long line = 1 + before.chars().filter(c -> c == '\n').count();
            errors.add(file + ":" + line + ":" + (before.length() - before.lastIndexOf('\n')) + ": not UTF-8");
            return null;
        }
        return chars.flip().toString();
    }
}
