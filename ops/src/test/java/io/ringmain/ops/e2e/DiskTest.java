package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.ops.CommandRun;
import io.ringmain.ops.client.Message;
import io.ringmain.ops.client.MqttClient;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full, that fill up, and that fail: on a small tmpfs and on ext4 on a loop device. Needs root. */
@Tag("e2e")
class DiskTest {
    private static final int MB = 1 << 20;
    private static final byte[] PAYLOAD = new byte[50_000];

    @TempDir
    private Path dir;

    private Path tmpfs(final int kilobytes) throws IOException {
        final Path mount = Files.createDirectories(dir.resolve("tmpfs"));
        Assumptions.assumeTrue(
                Shell.run("mount", "-t", "tmpfs", "-o", "size=" + kilobytes + "k", "tmpfs", mount.toString()) == 0,
                "needs the right to mount a tmpfs");
        return mount;
    }

    private static void unmount(final Path mount) {
        Shell.run("umount", "-l", mount.toString());
    }

    private static MqttClient connect(final BrokerProcess broker, final String id) throws IOException {
        return MqttClient.connect(
                BrokerProcess.HOST,
                broker.port(),
                ProtocolVersion.V5,
                60,
                c -> c.clientId(id).cleanStart(false).sessionExpiry(0xFFFF_FFFFL));
    }

    private static BrokerProcess start(final Path data, final String... more) throws Exception {
        final List<String> options = new java.util.ArrayList<>(
                List.of("--set", "storage.log.segment=5MB", "--set", "storage.snapshot.on_stop=false"));
        options.addAll(List.of(more));
        return BrokerProcess.startOwn(data, options.toArray(String[]::new));
    }

    /** Takes all that is left of a file system. */
    private static Path fillUp(final Path mount) throws IOException {
        final Path ballast = mount.resolve("ballast");
        Shell.run("dd", "if=/dev/zero", "of=" + ballast, "bs=4k");
        Shell.run("sync", "-f", ballast.toString());
        return ballast;
    }

    /** Publishes until the broker refuses; returns how many were acknowledged. */
    private static int publishUntilFull(final MqttClient client) throws IOException {
        for (int number = 0; number < 2000; number++) {
            final int code = client.publish("stored", numbered(number), 1, false);
            if (ReasonCode.isError(code)) {
                assertEquals(ReasonCode.QUOTA_EXCEEDED, code);
                return number;
            }
        }
        throw new AssertionError("never refused");
    }

    private static byte[] numbered(final int number) {
        final byte[] payload = PAYLOAD.clone();
        java.nio.ByteBuffer.wrap(payload).putInt(number);
        return payload;
    }

    /** Everything but what needs room goes on while the disk is full; it recovers by itself, and nothing is lost. */
    private void fillAndRecover(final Path mount) throws Exception {
        final int kept;
        int acknowledged;
        try (BrokerProcess broker = start(mount.resolve("data"));
                MqttClient publisher = connect(broker, "publisher");
                MqttClient live = connect(broker, "live")) {
            live.subscribe(List.of("live"), 0);
            openSession(broker, "witness", "stored");
            publisher.publish("kept", new byte[] {'k'}, 1, true);
            final Path ballast = fillUp(mount);
            acknowledged = publishUntilFull(publisher);
            assertTrue(acknowledged > 50, "acknowledged: " + acknowledged);
            publisher.publish("live", new byte[] {'x'}, 0, false);
            assertEquals("live", live.receive(20_000).topic());
            assertEquals(0, live.subscribe(List.of("kept"), 0)[0], "a subscription goes on");
            assertEquals("kept", live.receive(20_000).topic(), "and so does what is read");
            assertTrue(broker.output().contains("No space left on device"), broker.output());
            Files.delete(ballast);
            Shell.run("sync", "-f", mount.toString());
            Await.until(() -> accepts(publisher));
            kept = acknowledged;
            assertTrue(broker.isAlive());
            assertFalse(broker.output().contains("InternalError"), broker.output());
            broker.kill();
        }
        try (BrokerProcess broker = start(mount.resolve("data"));
                MqttClient witness = connect(broker, "witness")) {
            assertTrue(witness.sessionPresent());
            for (int number = 0; number < kept; number++) {
                final Message message = witness.receive(20_000);
                assertEquals(number, java.nio.ByteBuffer.wrap(message.payload()).getInt());
            }
        }
    }

    private static void openSession(final BrokerProcess broker, final String id, final String filter)
            throws IOException {
        try (MqttClient client = connect(broker, id)) {
            client.subscribe(List.of(filter), 1);
        }
    }

    private static boolean accepts(final MqttClient client) {
        try {
            return !ReasonCode.isError(client.publish("again", PAYLOAD, 1, false));
        } catch (final IOException ex) {
            throw new AssertionError(ex);
        }
    }

    @Test
    void shouldGoOnWithoutWhatNeedsRoomOnAFullTmpfs() throws Exception {
        final Path mount = tmpfs(40 << 10);
        try {
            fillAndRecover(mount);
        } finally {
            unmount(mount);
        }
    }

    @Test
    void shouldGoOnWithoutWhatNeedsRoomOnAFullExt4() throws Exception {
        try (LoopDisk disk = LoopDisk.make(dir, 64)) {
            fillAndRecover(disk.path());
        }
    }

    /** There is room for one segment and a half: the second breaks off in the middle, and gives back what it took. */
    @Test
    void shouldNotKeepHalfASegment() throws Exception {
        final Path mount = tmpfs(12 << 10);
        try (BrokerProcess broker = start(mount.resolve("data"));
                MqttClient client = connect(broker, "publisher")) {
            fillUp(mount);
            publishUntilFull(client);
            final long[] before = {0};
            try (Stream<Path> files = Files.walk(mount)) {
                for (final Path file :
                        files.filter(f -> f.toString().endsWith(".precreated")).toList()) {
                    before[0] += Files.size(file);
                }
            }
            assertTrue(before[0] == 0 || before[0] >= 5 * MB, "half a segment: " + before[0]);
            assertTrue(broker.isAlive());
        } finally {
            unmount(mount);
        }
    }

    /**
     * Whatever the room that there is at the start, beyond a segment: it starts, or says that there is no space; it is
     * never a fault in memory.
     */
    @Test
    void shouldSayThatThereIsNoSpaceAtTheStartWhateverIsLeft() throws Exception {
        int started = 0;
        int refused = 0;
        for (final int beyond : new int[] {0, 4, 8, 16, 28, 2000}) {
            final int kilobytes = 5 * 1024 + beyond;
            final Path mount = tmpfs(kilobytes);
            try (BrokerProcess broker = BrokerProcess.launch(
                    mount.resolve("data"),
                    "--set",
                    "storage.log.segment=5MB",
                    "--set",
                    "limits.max_packet_size=64KB")) {
                Await.until(
                        60_000,
                        () -> !broker.isAlive() || broker.output().contains("ready "),
                        () -> "neither: " + broker.output());
                if (broker.isAlive()) {
                    started++;
                } else {
                    refused++;
                    assertEquals(1, broker.exitCode(10));
                    assertTrue(broker.output().contains("No space left on device"), broker.output());
                }
                assertFalse(broker.output().contains("Error"), broker.output());
            } finally {
                unmount(mount);
            }
        }
        assertTrue(started > 0 && refused > 0, started + " started, " + refused + " refused");
    }

    @Test
    void shouldServeOnWhenThereIsNoRoomForASnapshotAndLeaveNoneHalfWritten() throws Exception {
        final Path mount = tmpfs(24 << 10);
        try (BrokerProcess broker = start(mount.resolve("data"), "--set", "storage.snapshot.log_bytes=1GB");
                MqttClient client = connect(broker, "publisher")) {
            for (int i = 0; i < 100; i++) {
                client.publish("topic/" + i, new byte[] {1}, 1, true);
            }
            final Path ballast = fillUp(mount);
            final String data = mount.resolve("data").toString();
            Files.createDirectories(mount.resolve("data/snapshots"));
            Files.createFile(mount.resolve("data/snapshots/TAKE"));
            Await.until(() -> broker.output().contains("no snapshot at position"));
            assertTrue(broker.output().contains("No space left on device"), broker.output());
            assertFalse(ReasonCode.isError(client.publish("still", new byte[] {1}, 1, false)));
            try (Stream<Path> files = Files.list(mount.resolve("data/snapshots"))) {
                assertEquals(List.of(), files.map(Path::toString).toList());
            }
            Files.delete(ballast);
            assertEquals(0, CommandRun.of("snapshot", "take", "--data", data).exitCode());
            assertEquals(0, broker.terminate());
            assertTrue(broker.output().contains("snapshots.failed 1"), broker.output());
        } finally {
            unmount(mount);
        }
    }

    /** The image of the disk lies on a tmpfs that is full: a write to the device is an input/output error. */
    @Test
    void shouldAcknowledgeNothingAndEndWhenTheDeviceFails() throws Exception {
        final Path mount = tmpfs(80 << 10);
        try (LoopDisk disk = LoopDisk.make(mount, 64);
                BrokerProcess broker = start(disk.path().resolve("data"));
                MqttClient client = connect(broker, "publisher")) {
            assertFalse(ReasonCode.isError(client.publish("stored", PAYLOAD, 1, false)));
            disk.fail();
            fillUp(mount);
            int acknowledged = 0;
            try {
                while (acknowledged < 2000 && !ReasonCode.isError(client.publish("stored", PAYLOAD, 1, false))) {
                    acknowledged++;
                }
            } catch (final IOException ex) {
                // The broker has ended.
            }
            assertEquals(0, acknowledged, "acknowledged after the device had failed");
            assertEquals(1, broker.exitCode(30));
            assertTrue(broker.output().contains("halted: "), broker.output());
            assertTrue(broker.output().matches("(?s).*position \\d+; the broker stops and acknowledges nothing.*"));
        } finally {
            unmount(mount);
        }
    }

    /** 4 KiB at a time is how a segment is filled with zeroes: with larger writes, a commit writes a megabyte. */
    @Test
    void shouldWriteLittleToTheDeviceForEachCommit() throws Exception {
        final int commits = 200;
        try (LoopDisk disk = LoopDisk.make(dir, 256);
                BrokerProcess broker = BrokerProcess.startOwn(
                        // Small, so that it doesn't show whether the next segment is being filled meanwhile.
                        disk.path().resolve("data"), "--set", "storage.log.segment=4MB");
                MqttClient client = connect(broker, "publisher")) {
            client.publish("warm", new byte[100], 1, false);
            Shell.run("sync", "-f", disk.path().toString());
            final long before = disk.bytesWritten();
            for (int i = 0; i < commits; i++) {
                assertFalse(ReasonCode.isError(client.publish("one/commit", new byte[100], 1, false)));
            }
            final long each = (disk.bytesWritten() - before) / commits;
            System.out.println("bytes written to the device for each commit: " + each);
            assertTrue(each > 512 && each < 128 << 10, "bytes for each commit: " + each);
        }
    }
}
