package io.ringmain.ops.config;

import io.ringmain.engine.io.tls.CertificateIdentity;
import io.ringmain.engine.io.tls.ClientAuth;
import io.ringmain.engine.io.tls.TlsOptions;
import io.ringmain.engine.io.tls.TlsProvider;
import io.ringmain.ops.tls.ListenerTls;
import io.ringmain.ops.tls.ListenerTls.CertificateFiles;
import io.ringmain.ops.tls.LoadedTls;
import io.ringmain.ops.tls.TlsFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** The keys {@code listeners.NAME.tls.*} of one listener. */
final class TlsSection {
    private static final int SNI_NAME_PART = 4;

    private final String prefix;
    private final Map<String, Given> given;
    private final Function<String, Given> entries;

    /** @param entries a key's value, or its default. */
    TlsSection(final String listener, final Map<String, Given> given, final Function<String, Given> entries) {
        this.prefix = "listeners." + listener + ".tls.";
        this.given = given;
        this.entries = entries;
    }

    boolean isGiven() {
        return given.keySet().stream().anyMatch(key -> key.startsWith(prefix));
    }

    boolean requiresCertificates() {
        return isGiven() && text("client_auth").equals("require");
    }

    /** Reads the files; answers null and adds to the errors if something is wrong. */
    LoadedTls load(final String protocol, final List<String> errors) {
        if (text("cert").isEmpty()) {
            errors.add(place("cert") + "is missing: the file with the certificate");
            return null;
        }
        final TreeSet<String> others = others();
        for (final String other : others) {
            if (text(other + "cert").isEmpty()) {
                errors.add(place(other + "cert") + "is missing: the file with the certificate");
                return null;
            }
        }
        final ListenerTls tls = new ListenerTls(
                options(protocol),
                files(""),
                others.stream().map(this::files).toList(),
                path("client_ca"),
                path("crl"));
        try {
            return LoadedTls.of(tls);
        } catch (final TlsFileException ex) {
            errors.add(place(ex.key()) + ex.getMessage());
            return null;
        }
    }

    /** Sections of further certificates, as {@code sni.NAME.}. */
    private TreeSet<String> others() {
        final TreeSet<String> others = new TreeSet<>();
        given.keySet().stream()
                .filter(key -> key.startsWith(prefix + "sni."))
                .forEach(key -> others.add("sni." + key.split("\\.")[SNI_NAME_PART] + "."));
        return others;
    }

    private TlsOptions options(final String protocol) {
        return new TlsOptions(
                TlsProvider.valueOf(text("provider").toUpperCase(Locale.ROOT)),
                text("min_version"),
                texts("ciphers"),
                ClientAuth.valueOf(text("client_auth").toUpperCase(Locale.ROOT)),
                CertificateIdentity.valueOf(
                        text("identity").toUpperCase(Locale.ROOT).replace('-', '_')),
                List.of(protocol.equals("mqtt") ? "mqtt" : "http/1.1"));
    }

    private CertificateFiles files(final String section) {
        final String password = text(section + "key_password");
        return new CertificateFiles(
                section,
                section.isEmpty() ? List.of() : texts(section + "names"),
                path(section + "cert"),
                path(section + "key"),
                password.isEmpty() ? null : password.toCharArray());
    }

    private Path path(final String key) {
        return text(key).isEmpty() ? null : Path.of(text(key));
    }

    private String text(final String key) {
        return (String) entries.apply(prefix + key).value();
    }

    private List<String> texts(final String key) {
        return ((List<?>) entries.apply(prefix + key).value())
                .stream().map(String.class::cast).toList();
    }

    /** Of the key that is to blame, or of another one of the section if that wasn't given, or is none. */
    private String place(final String key) {
        final String given = Stream.of(key, "cert")
                .map(prefix::concat)
                .filter(this.given::containsKey)
                .findFirst()
                .orElseGet(() -> this.given.keySet().stream()
                        .filter(other -> other.startsWith(prefix))
                        .findFirst()
                        .orElseThrow());
        return this.given.get(given).origin() + ": " + (prefix + key).replaceAll("\\.$", "") + ": ";
    }
}
