package io.ringmain.engine.io;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much memory outside of the heap the JVM lets buffers have. */
public final class DirectMemory {
    private static final Pattern FLAG = Pattern.compile("-XX:MaxDirectMemorySize=(\\d+)([kKmMgGtT]?)");
    private static final long MAX_BYTES =
            maxBytes(ManagementFactory.getRuntimeMXBean().getInputArguments());

    private DirectMemory() {}

    /** Bytes: what the flag says, and without it as much as the heap may have. */
    public static long maxBytes() {
        return MAX_BYTES;
    }

    static long maxBytes(final Iterable<String> flags) {
        long bytes = Runtime.getRuntime().maxMemory();
        for (final String flag : flags) {
            final Matcher matcher = FLAG.matcher(flag);
            if (matcher.matches() && Long.parseLong(matcher.group(1)) > 0) {
                final int shift = 10
                        * " kmgt"
                                .indexOf(
                                        matcher.group(2).isEmpty()
                                                ? " "
                                                : matcher.group(2).toLowerCase(Locale.ROOT));
                bytes = Long.parseLong(matcher.group(1)) << shift;
            }
        }
        return bytes;
    }
}
