package io.ringmain.perf.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

class TlsFilesTest {
    @Test
    void shouldKeepTheKeyFromOthersAndLeaveNothing() throws IOException {
        final Path key;
        try (TlsFiles tls = TlsFiles.create()) {
            key = tls.key();
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
            assertTrue(Files.readString(key).startsWith("-----BEGIN PRIVATE KEY-----\n"));
            assertTrue(Files.readString(tls.certificate()).endsWith("\n-----END CERTIFICATE-----\n"));
        }
        assertFalse(Files.exists(key.getParent()));
    }
}
