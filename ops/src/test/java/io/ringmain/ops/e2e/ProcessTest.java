package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.ops.CommandRun;
import io.ringmain.protocol.ProtocolVersion;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker as a process: how it starts, refuses to start, and ends. */
@Tag("e2e")
class ProcessTest {
    private static final ProtocolVersion V5 = ProtocolVersion.V5;

    @TempDir
    private Path dir;

    @Test
    void shouldRefuseADataDirectoryInUseAndNameTheHolder() throws Exception {
        try (BrokerProcess first = BrokerProcess.start(dir);
                BrokerProcess second = BrokerProcess.launch(dir)) {
            assertNotEquals(0, second.exitCode(30));
            assertTrue(second.output().contains("pid " + first.pid()), second.output());
        }
    }

    @Test
    void shouldRefuseADataDirectoryThatCantBeMade() throws Exception {
        final Path file = Files.writeString(dir.resolve("file"), "in the way");
        try (BrokerProcess broker = BrokerProcess.launch(file.resolve("data"))) {
            assertNotEquals(0, broker.exitCode(30));
            assertTrue(broker.output().contains(file.toString()), broker.output());
        }
    }

    @Test
    void shouldRefuseAFullDataDirectory() throws Exception {
        final Path mount = Files.createDirectory(dir.resolve("tmpfs"));
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", mount.toString()) == 0,
                "needs the right to mount a tmpfs");
        try (BrokerProcess broker = BrokerProcess.launch(mount.resolve("data"))) {
            assertNotEquals(0, broker.exitCode(30));
            assertTrue(broker.output().contains("No space left"), broker.output());
        } finally {
            run("umount", "-l", mount.toString());
        }
    }

    @Test
    void shouldRefuseAReadOnlyDataDirectory() throws Exception {
        final Path mount = Files.createDirectory(dir.resolve("tmpfs"));
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "ro,size=8m", "tmpfs", mount.toString()) == 0,
                "needs the right to mount a tmpfs");
        try (BrokerProcess broker = BrokerProcess.launch(mount.resolve("data"))) {
            assertNotEquals(0, broker.exitCode(30));
            assertTrue(broker.output().contains("Read-only file system"), broker.output());
        } finally {
            run("umount", "-l", mount.toString());
        }
    }

    @Test
    void shouldRefuseWhatMustBeLoggedWhileTheDiskIsFullAndGoOnWithTheRest() throws Exception {
        final Path mount = Files.createDirectory(dir.resolve("tmpfs"));
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=28m", "tmpfs", mount.toString()) == 0,
                "needs the right to mount a tmpfs");
        final Path ballast = mount.resolve("ballast");
        try (BrokerProcess broker = BrokerProcess.start(mount.resolve("data"), "--set", "storage.log.segment=8MB");
                RawClient client = RawClient.connected(broker.port(), V5, c -> c.clientId("full"))) {
            client.subscribe(V5, 1, "live", 0);
            client.expect("90 04 0001 00 00");
            final byte[] payload = new byte[60_000];
            int accepted = 0;
            String answer = "";
            while (!answer.endsWith("97") && accepted < 1000) {
                client.publish(V5, 2, 1 + accepted % 1000, "stored", payload);
                answer = HexFormat.of().formatHex(client.packet());
                accepted++;
                if (accepted == 100) {
                    Files.write(ballast, new byte[6 << 20]);
                }
            }
            assertTrue(answer.startsWith("4003") && answer.endsWith("97"), accepted + " accepted, then " + answer);
            client.publish(V5, 0, 0, "live", new byte[] {'x'});
            client.expect("30 08 0004 6c697665 00 78");
            assertTrue(broker.output().contains("No space left"), broker.output());
            Files.delete(ballast);
            run("mount", "-o", "remount,size=64m", mount.toString());
            Await.until(() -> accepts(client, payload));
            assertTrue(broker.isAlive());
        } finally {
            run("umount", "-l", mount.toString());
        }
    }

    private static boolean accepts(final RawClient client, final byte[] payload) {
        try {
            client.publish(V5, 2, 7, "stored", payload);
            return !HexFormat.of().formatHex(client.packet()).endsWith("97");
        } catch (final java.io.IOException ex) {
            throw new AssertionError(ex);
        }
    }

    private static int run(final String... command) throws Exception {
        try {
            return new ProcessBuilder(command).start().waitFor();
        } catch (final java.io.IOException ex) {
            return -1;
        }
    }

    @Test
    void shouldSayWhichAddressIsInUse() throws Exception {
        try (ServerSocket other = new ServerSocket(0);
                BrokerProcess broker = BrokerProcess.launch(dir, "-p", String.valueOf(other.getLocalPort()))) {
            assertEquals(1, broker.exitCode(30));
            assertTrue(broker.output().contains("127.0.0.1:" + other.getLocalPort()), broker.output());
        }
    }

    @Test
    void shouldRefuseAPublicAddressWithoutAuthentication() throws Exception {
        try (BrokerProcess broker = BrokerProcess.launch(dir, "--set", "listeners.a.bind=0.0.0.0:18839", "-p", "1")) {
            assertEquals(2, broker.exitCode(30));
        }
        final Path file = Files.writeString(dir.resolve("r.yaml"), "listeners:\n  a: { bind: 0.0.0.0:18839 }\n");
        try (BrokerProcess broker = BrokerProcess.launch(dir, "-c", file.toString(), "--set", "node.id=x")) {
            assertNotEquals(0, broker.exitCode(30));
        }
    }

    @Test
    void shouldSayGoodbyeOnSigterm() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(dir);
                RawClient client = RawClient.connected(broker.port(), V5, c -> c.clientId("left"))) {
            final long startNs = System.nanoTime();
            assertEquals(0, broker.terminate());
            assertTrue(System.nanoTime() - startNs < 10_000_000_000L, "it took too long");
            assertEquals("e0018b", client.untilClosed());
        }
    }

    @Test
    void shouldStartOverATornLastBlock() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(dir);
                RawClient client = RawClient.connected(broker.port(), V5, c -> c.clientId("torn"))) {
            client.publish(V5, 3, 1, "kept", "value".getBytes());
            client.expect("40 03 0001 10");
            broker.kill();
        }
        final Path segment = newestSegment();
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            tear(channel);
        }
        try (BrokerProcess broker = BrokerProcess.start(dir);
                RawClient client = RawClient.connected(broker.port(), V5, c -> c.clientId("reader"))) {
            assertTrue(broker.output().contains("torn tail"), broker.output());
            client.subscribe(V5, 1, "kept", 0);
            client.expect("90 04 0001 00 00");
            client.expect("31 0c 0004 6b657074 00 76616c7565");
        }
    }

    private Path newestSegment() throws Exception {
        try (var files = Files.walk(dir)) {
            final List<Path> segments = files.filter(file -> file.toString().endsWith(".cq4"))
                    .sorted(java.util.Comparator.comparing(
                            file -> file.getFileName().toString()))
                    .toList();
            return segments.get(segments.size() - 1);
        }
    }

    /** Behind the last document, puts one that claims to be complete and isn't: as a lost page leaves it. */
    private static void tear(final FileChannel channel) throws Exception {
        final ByteBuffer bytes = ByteBuffer.allocate((int) channel.size()).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        channel.read(bytes, 0);
        int at = 0;
        int header = bytes.getInt(at);
        while (header != 0) {
            at = (at + 4 + (header & 0x3FFF_FFFF) + 3) & ~3;
            header = bytes.getInt(at);
        }
        final ByteBuffer torn = ByteBuffer.allocate(304).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        torn.putInt(0, 300);
        torn.putInt(40, 12345);
        channel.write(torn, at);
    }

    @Test
    void shouldTakeASnapshotOnCommandAndStartFromIt() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startOwn(dir)) {
            try (RawClient client = RawClient.connected(
                    broker.port(), ProtocolVersion.V5, c -> c.clientId("snap").sessionExpiry(100))) {
                client.publish(ProtocolVersion.V5, 3, 1, "kept", new byte[] {'x'});
                client.packet();
                for (int i = 0; i < 2; i++) {
                    assertEquals(
                            0,
                            CommandRun.of("snapshot", "take", "--data", dir.toString())
                                    .exitCode());
                }
            }
            broker.kill();
        }
        assertEquals(
                0, CommandRun.of("snapshot", "verify", "--data", dir.toString()).exitCode());
        try (BrokerProcess broker = BrokerProcess.startOwn(dir);
                RawClient client =
                        RawClient.connected(broker.port(), ProtocolVersion.V3_1_1, c -> c.clientId("reads"))) {
            assertTrue(broker.output().contains(" behind the snapshot at position "));
            client.subscribe(ProtocolVersion.V3_1_1, 1, "kept", 0);
            client.expect("90 03 0001 00");
            client.expect("31 07 0004 6b657074 78");
        }
    }
}
