package io.ringmain.ops;

import io.ringmain.ops.client.Message;
import io.ringmain.protocol.Utf8;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Prints messages as {@code mosquitto_sub} does. */
final class MessagePrinter {
    private final JsonFactory jsonFactory = new JsonFactory();
    private final OutputStream out;
    private final boolean lineEnd;

    MessagePrinter(final OutputStream out, final boolean lineEnd) {
        this.out = out;
        this.lineEnd = lineEnd;
    }

    /**
     * @param format as of {@code mosquitto_sub -F}; null prints the payload alone.
     * @param verbose puts the topic before the payload when there is no format.
     */
    void print(final Message message, final String format, final boolean verbose) throws IOException {
        if (format != null) {
            printFormatted(message, format);
        } else {
            if (verbose) {
                write(message.topic() + " ");
            }
            out.write(message.payload());
        }
        if (lineEnd) {
            out.write('\n');
        }
    }

    void flush() throws IOException {
        out.flush();
    }

    private void printFormatted(final Message message, final String format) throws IOException {
        int i = 0;
        while (i < format.length()) {
            final int c = format.codePointAt(i);
            i += Character.charCount(c);
            if ((c == '%' || c == '\\') && i < format.length()) {
                final char code = format.charAt(i++);
                if (c == '%') {
                    printField(message, code);
                } else {
                    write(unescaped(code));
                }
            } else {
                write(Character.toString(c));
            }
        }
    }

    private void printField(final Message message, final char code) throws IOException {
        switch (code) {
            case 't' -> write(message.topic());
            case 'p' -> out.write(message.payload());
            case 'q' -> write(String.valueOf(message.qos()));
            case 'r' -> write(message.retain() ? "1" : "0");
            case 'l' -> write(String.valueOf(message.payload().length));
            case 'm' -> write(String.valueOf(message.packetId()));
            case 'x' -> write(HexFormat.of().formatHex(message.payload()));
            case 'X' -> write(HexFormat.of().withUpperCase().formatHex(message.payload()));
            case 'I' -> write(Instant.now().toString());
            case 'U' -> write(unixTime());
            case 'C' -> write(orEmpty(message.contentType()));
            case 'R' -> write(orEmpty(message.responseTopic()));
            case 'D' -> out.write(message.correlationData() == null ? new byte[0] : message.correlationData());
            case 'j' -> out.write(json(message));
            case '%' -> out.write('%');
            default -> write("%" + code);
        }
    }

    private static String unixTime() {
        final Instant now = Instant.now();
        return String.format("%d.%09d", now.getEpochSecond(), now.getNano());
    }

    private static String unescaped(final char code) {
        return switch (code) {
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'r' -> "\r";
            case '0' -> "\0";
            case '\\' -> "\\";
            default -> "\\" + code;
        };
    }

    private static String orEmpty(final String text) {
        return text == null ? "" : text;
    }

    /** The names are those of {@code mosquitto_sub -F %j}; a payload that isn't text is in {@code payload_base64}. */
    private byte[] json(final Message message) {
        final ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (JsonGenerator json = jsonFactory.createGenerator(ObjectWriteContext.empty(), line)) {
            json.writeStartObject();
            json.writeStringProperty("tst", Instant.now().toString());
            json.writeStringProperty("topic", message.topic());
            json.writeNumberProperty("qos", message.qos());
            json.writeNumberProperty("retain", message.retain() ? 1 : 0);
            if (message.qos() > 0) {
                json.writeNumberProperty("mid", message.packetId());
            }
            json.writeNumberProperty("payloadlen", message.payload().length);
            writeProperties(json, message);
            final byte[] payload = message.payload();
            if (Utf8.validate(new UnsafeBuffer(payload), 0, payload.length)) {
                json.writeStringProperty("payload", new String(payload, StandardCharsets.UTF_8));
            } else {
                json.writeStringProperty("payload_base64", Base64.getEncoder().encodeToString(payload));
            }
            json.writeEndObject();
        }
        return line.toByteArray();
    }

    private static void writeProperties(final JsonGenerator json, final Message message) {
        json.writeObjectPropertyStart("properties");
        if (message.contentType() != null) {
            json.writeStringProperty("content-type", message.contentType());
        }
        if (message.responseTopic() != null) {
            json.writeStringProperty("response-topic", message.responseTopic());
        }
        if (message.correlationData() != null) {
            json.writeStringProperty("correlation-data", Base64.getEncoder().encodeToString(message.correlationData()));
        }
        if (message.expirySeconds() >= 0) {
            json.writeNumberProperty("message-expiry-interval", message.expirySeconds());
        }
        if (!message.userProperties().isEmpty()) {
            json.writeArrayPropertyStart("user-properties");
            for (final Map.Entry<String, String> property : message.userProperties()) {
                json.writeStartObject();
                json.writeStringProperty(property.getKey(), property.getValue());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private void write(final String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
