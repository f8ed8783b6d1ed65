package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.ops.CommandRun;
import io.ringmain.ops.ExitCode;
import io.ringmain.protocol.ProtocolVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a broker makes of the directory that it is given: whose it is, who had it before, what happened to it since. */
@Tag("e2e")
class DataDirectoryTest {
    private static final ProtocolVersion V5 = ProtocolVersion.V5;

    @TempDir
    private Path dir;

    private static void publish(final BrokerProcess broker, final int count) throws IOException {
        try (RawClient client = RawClient.connected(broker.port(), V5, c -> c.clientId("publisher"))) {
            for (int i = 1; i <= count; i++) {
                client.publish(V5, 3, i, "kept", new byte[] {'x'});
                client.expect("40 03 %04x 10".formatted(i));
            }
        }
    }

    private List<Path> segments(final Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(file -> file.toString().endsWith(".cq4"))
                    .sorted(Comparator.comparing(file -> file.getFileName().toString()))
                    .toList();
        }
    }

    @Test
    void shouldMakeAllFilesForItsOwnerAlone() throws Exception {
        final Path data = dir.resolve("data");
        try (BrokerProcess broker = BrokerProcess.startOwn(data)) {
            publish(broker, 10);
            CommandRun.of("snapshot", "take", "--data", data.toString());
            final List<Path> all;
            try (Stream<Path> files = Files.walk(data)) {
                all = files.toList();
            }
            assertTrue(all.stream().anyMatch(file -> file.toString().endsWith(".snapshot")), all.toString());
            for (final Path file : all) {
                assertEquals(
                        Files.isDirectory(file) ? "rwx------" : "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                        file.toString());
            }
        }
    }

    /** A byte of an acknowledged message is flipped: the place is named, by the broker and by the tool, and the code is 6. */
    @Test
    void shouldEndWithSixAtDamageOfWhatWasForcedAndSayWhere() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startOwn(dir)) {
            publish(broker, 20);
            broker.kill();
        }
        final Path segment = segments(dir).get(0);
        final byte[] content = Files.readAllBytes(segment);
        final int topic = new String(content, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("kept");
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {'K'}), topic);
        }
        try (BrokerProcess broker = BrokerProcess.launch(dir)) {
            assertEquals(ExitCode.DAMAGED, broker.exitCode(30));
            assertTrue(
                    broker.output()
                            .matches("(?s).*" + segment.getFileName() + ", byte \\d+, position \\d+: record CRC.*"),
                    broker.output());
        }
        assertEquals(
                ExitCode.DAMAGED,
                CommandRun.of("log", "verify", "--data", dir.toString()).exitCode());
    }

    /** The newest segment is gone; only the snapshot knows that there was one. */
    @Test
    void shouldEndWithSixWhenTheEndOfTheLogIsMissing() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startOwn(dir)) {
            publish(broker, 20);
            assertEquals(0, broker.terminate());
        }
        Files.delete(segments(dir).get(0));
        try (BrokerProcess broker = BrokerProcess.launch(dir)) {
            assertEquals(ExitCode.DAMAGED, broker.exitCode(30));
            assertTrue(broker.output().contains("ends at position 0, but a snapshot says"), broker.output());
        }
    }

    @Test
    void shouldSayThatItMayNotUseTheDirectory() throws Exception {
        final List<String> powerless = List.of("setpriv", "--bounding-set", "-dac_override,-dac_read_search");
        final List<String> trial = new ArrayList<>(powerless);
        trial.add("true");
        Assumptions.assumeTrue(Shell.run(trial.toArray(String[]::new)) == 0, "needs root and setpriv");
        final Path data = Files.createDirectory(dir.resolve("data"));
        Shell.output("chmod", "700", data.toString());
        Shell.output("chown", "65534", data.toString());
        try (BrokerProcess broker = BrokerProcess.launchWith(powerless, data)) {
            assertEquals(ExitCode.FAILED, broker.exitCode(30));
            assertTrue(broker.output().contains("permission denied for " + data), broker.output());
        }
    }

    /** In a container every run has the same pid: Chronicle takes the lock of the run before for its own. */
    @Test
    void shouldStartAgainWithTheSamePidAfterAKill() throws Exception {
        final List<String> container = List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child");
        final List<String> trial = new ArrayList<>(container);
        trial.add("true");
        Assumptions.assumeTrue(Shell.run(trial.toArray(String[]::new)) == 0, "needs root and unshare");
        for (int run = 0; run < 3; run++) {
            final long startNs = System.nanoTime();
            try (BrokerProcess broker = BrokerProcess.launchWith(container, dir)) {
                broker.awaitReady();
                assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(30), "it waited: " + broker.output());
                assertTrue(Files.readString(dir.resolve("LOCK")).startsWith("pid 1 "));
                publish(broker, 50);
            }
        }
    }

    @Test
    void shouldCallNobodyAndLeaveNothingInTheHomeOfTheUser() throws Exception {
        final Path home = Files.createDirectory(dir.resolve("home"));
        try (BrokerProcess broker = BrokerProcess.start(
                List.of("-Duser.home=" + home, "-Dchronicle.analytics.disable=false"), dir.resolve("data"))) {
            publish(broker, 10);
            try (Stream<Path> files = Files.list(home)) {
                assertEquals(List.of(), files.toList());
            }
            final Path tcp = Path.of("/proc", String.valueOf(broker.pid()), "net/tcp");
            Assumptions.assumeTrue(Files.isReadable(tcp), "needs /proc");
            final List<String> sockets = socketsOf(broker.pid());
            for (final Path table : List.of(tcp, tcp.resolveSibling("tcp6"), tcp.resolveSibling("udp"))) {
                for (final String line : Files.readAllLines(table)) {
                    final String[] columns = line.strip().split("\\s+");
                    if (columns.length > 9 && sockets.contains(columns[9])) {
                        assertFalse(isForeign(columns[2]), line);
                    }
                }
            }
            assertEquals(0, broker.terminate());
        }
    }

    private static List<String> socketsOf(final long pid) throws IOException {
        final List<String> inodes = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
            for (final Path descriptor : descriptors.toList()) {
                try {
                    final String target = Files.readSymbolicLink(descriptor).toString();
                    if (target.startsWith("socket:[")) {
                        inodes.add(target.substring(8, target.length() - 1));
                    }
                } catch (final NoSuchFileException closedMeanwhile) {
                    continue;
                }
            }
        }
        assertFalse(inodes.isEmpty(), "it listens");
        return inodes;
    }

    /** Whether a remote address of /proc/net is neither unset nor of this machine. */
    private static boolean isForeign(final String remote) {
        final String address = remote.substring(0, remote.indexOf(':'));
        return !address.matches("0+") && !address.endsWith("0100007F") && !address.equals("0".repeat(24) + "01000000");
    }
}
