package io.ringmain.ops.tls;

import io.ringmain.engine.io.tls.TlsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * TLS of one listener, read and checked.
 *
 * @param tls as it is configured.
 * @param settings what was made of it.
 * @param warnings for the operator.
 * @param stamp of the files before they were read: another one says that they have changed.
 */
public record LoadedTls(ListenerTls tls, TlsSettings settings, List<String> warnings, String stamp) {
    /** @throws TlsFileException for the first thing that is wrong. */
    public static LoadedTls of(final ListenerTls tls) throws TlsFileException {
        final String stamp = stampOf(tls);
        final TlsLoader loader = new TlsLoader(tls);
        final TlsSettings settings = loader.load();
        return new LoadedTls(tls, settings, List.copyOf(loader.warnings()), stamp);
    }

    /** Differs when a file was written, replaced or removed. */
    static String stampOf(final ListenerTls tls) {
        return tls.files().stream().map(LoadedTls::stampOf).collect(Collectors.joining(" "));
    }

    private static String stampOf(final Path file) {
        try {
            final BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS) + "/" + attributes.size() + "/"
                    + attributes.fileKey();
        } catch (final IOException ex) {
            return "none";
        }
    }
}
