package io.ringmain.ops;

import io.ringmain.ops.client.PublishProperties;
import io.ringmain.protocol.mqtt.ConnectEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** MQTT 5 properties as Mosquitto's clients take them: {@code -D COMMAND IDENTIFIER VALUE}. */
final class ClientProperties {
    private static final String USER_PROPERTY = "user-property";
    private static final long MAX_U16 = 0xFFFF;
    private static final long MAX_U32 = 0xFFFF_FFFFL;

    /** One {@code -D}; the second value is there for a user property only. */
    private record Property(String command, String identifier, String value, String second) {
        @Override
        public String toString() {
            return "-D " + command + " " + identifier + " " + value;
        }
    }

    private final List<Property> properties = new ArrayList<>();

    boolean isEmpty() {
        return properties.isEmpty();
    }

    void connect(final ConnectEncoder encoder) {
        for (final Property property : properties) {
            switch (property.command + " " + property.identifier) {
                case "connect session-expiry-interval" -> encoder.sessionExpiry(number(property, MAX_U32));
                case "connect receive-maximum" -> encoder.receiveMaximum((int) number(property, MAX_U16));
                case "connect maximum-packet-size" ->
                    encoder.maximumPacketSize((int) number(property, Integer.MAX_VALUE));
                case "will will-delay-interval" -> encoder.willDelay(number(property, MAX_U32));
                case "will message-expiry-interval" -> encoder.willExpiry(number(property, MAX_U32));
                default -> {}
            }
        }
    }

    PublishProperties publish() {
        final PublishProperties publish = new PublishProperties();
        for (final Property property : properties) {
            if (property.command.equals("publish")) {
                publish(publish, property);
            }
        }
        return publish;
    }

    private static void publish(final PublishProperties publish, final Property property) {
        switch (property.identifier) {
            case "content-type" -> publish.contentType(property.value);
            case "response-topic" -> publish.responseTopic(property.value);
            case "correlation-data" -> publish.correlationData(property.value.getBytes(StandardCharsets.UTF_8));
            case "payload-format-indicator" -> publish.payloadFormat((int) number(property, 1));
            case "message-expiry-interval" -> publish.expirySeconds(number(property, MAX_U32));
            default -> publish.userProperty(property.value, property.second);
        }
    }

    private static long number(final Property property, final long most) {
        try {
            final long value = Long.parseLong(property.value);
            if (value >= 0 && value <= most) {
                return value;
            }
        } catch (final NumberFormatException ignored) {
            // The message below says what was expected.
        }
        throw new IllegalArgumentException(property + ": expected 0 to " + most);
    }

    private static boolean isKnown(final String command, final String identifier) {
        return switch (command) {
            case "connect" ->
                List.of("session-expiry-interval", "receive-maximum", "maximum-packet-size")
                        .contains(identifier);
            case "will" ->
                List.of("will-delay-interval", "message-expiry-interval").contains(identifier);
            case "publish" ->
                List.of(
                                "content-type",
                                "response-topic",
                                "correlation-data",
                                "payload-format-indicator",
                                "message-expiry-interval",
                                USER_PROPERTY)
                        .contains(identifier);
            default -> false;
        };
    }

    /** Takes three words behind each {@code -D}, or four for a user property. */
    static final class Consumer implements IParameterConsumer {
        @Override
        public void consumeParameters(final Stack<String> words, final ArgSpec option, final CommandSpec command) {
            final String name = next(words, command);
            final String identifier = next(words, command);
            if (!isKnown(name, identifier)) {
                throw new ParameterException(
                        command.commandLine(),
                        "-D " + name + " " + identifier + ": not a property that can be set here");
            }
            final String value = next(words, command);
            final String second = identifier.equals(USER_PROPERTY) ? next(words, command) : null;
            ClientProperties properties = option.getValue();
            if (properties == null) {
                properties = new ClientProperties();
                option.setValue(properties);
            }
            properties.properties.add(new Property(name, identifier, value, second));
        }

        private static String next(final Stack<String> words, final CommandSpec command) {
            if (words.isEmpty()) {
                throw new ParameterException(command.commandLine(), "-D: expected COMMAND IDENTIFIER VALUE");
            }
            return words.pop();
        }
    }
}
