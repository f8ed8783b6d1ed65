package io.ringmain.perf.broker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a broker process holds in memory.
 *
 * @param heapUsedBytes live objects: after a full collection; -1 for a process without a collector.
 * @param anonymousBytes of resident memory, heap and off-heap, without mapped files; -1 where the system doesn't tell.
 * @param residentBytes all of it; the mapped log counts here as long as it is in the page cache. -1 as above.
 */
public record BrokerMemory(long heapUsedBytes, long anonymousBytes, long residentBytes) {
    /** Of a process that can't be looked at. */
    public static final BrokerMemory UNKNOWN = new BrokerMemory(-1, -1, -1);

    private static final Pattern GENERATION = Pattern.compile("total (\\d+)K, used (\\d+)K");
    private static final long COMMAND_TIMEOUT_S = 120;

    /** Has the broker collect its garbage, and looks. */
    public static BrokerMemory measure(final long pid) throws IOException {
        jcmd(pid, "GC.run");
        return ofProcess(pid, heapUsedBytes(jcmd(pid, "GC.heap_info")));
    }

    /** Looks at a process that is no JVM. */
    public static BrokerMemory ofProcess(final long pid) throws IOException {
        return ofProcess(pid, -1);
    }

    /** Bytes that the kernel holds in its slabs, for everybody; not a number where it doesn't tell. */
    public static double ofKernel() throws IOException {
        final Path info = Path.of("/proc/meminfo");
        final long bytes = Files.isReadable(info) ? field(Files.readString(info), "Slab") : -1;
        return bytes < 0 ? Double.NaN : bytes;
    }

    private static BrokerMemory ofProcess(final long pid, final long heapUsedBytes) throws IOException {
        final Path status = Path.of("/proc", String.valueOf(pid), "status");
        final String text = Files.isReadable(status) ? Files.readString(status) : "";
        return new BrokerMemory(heapUsedBytes, field(text, "RssAnon"), field(text, "VmRSS"));
    }

    /** The sum over the generations, or regions, of {@code jcmd GC.heap_info}. */
    static long heapUsedBytes(final String heapInfo) {
        final Matcher matcher = GENERATION.matcher(heapInfo);
        long sumBytes = 0;
        boolean any = false;
        while (matcher.find()) {
            sumBytes += Long.parseLong(matcher.group(2)) << 10;
            any = true;
        }
        if (!any) {
            throw new IllegalArgumentException("no heap in what jcmd says: " + heapInfo);
        }
        return sumBytes;
    }

    /** A field of {@code /proc/PID/status} or the like, which counts in kB; -1 if it isn't there. */
    static long field(final String status, final String name) {
        final Matcher matcher = Pattern.compile("^" + name + ":\\s+(\\d+) kB$", Pattern.MULTILINE)
                .matcher(status);
        return matcher.find() ? Long.parseLong(matcher.group(1)) << 10 : -1;
    }

    private static String jcmd(final long pid, final String command) throws IOException {
        final Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        final Process process = new ProcessBuilder(jcmd.toString(), String.valueOf(pid), command)
                .redirectErrorStream(true)
                .start();
        final String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(COMMAND_TIMEOUT_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("jcmd " + command + " failed: " + out);
            }
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", ex);
        }
        return out;
    }
}
