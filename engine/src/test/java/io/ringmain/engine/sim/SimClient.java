package io.ringmain.engine.sim;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.TopicFilter;
import io.ringmain.protocol.mqtt.AckDecoder;
import io.ringmain.protocol.mqtt.AckEncoder;
import io.ringmain.protocol.mqtt.ConnackDecoder;
import io.ringmain.protocol.mqtt.ConnectEncoder;
import io.ringmain.protocol.mqtt.DisconnectEncoder;
import io.ringmain.protocol.mqtt.Framing;
import io.ringmain.protocol.mqtt.PacketType;
import io.ringmain.protocol.mqtt.Properties;
import io.ringmain.protocol.mqtt.PropertyId;
import io.ringmain.protocol.mqtt.PublishDecoder;
import io.ringmain.protocol.mqtt.PublishEncoder;
import io.ringmain.protocol.mqtt.SubscribeEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A client that speaks real bytes and keeps its half of the session as the specification asks: what it sent and was not
 * acknowledged it sends again after a reconnect, and a QoS 2 packet id that it knows it doesn't deliver twice.
 */
final class SimClient {
    /** What a client may do; the simulation draws from it. */
    record Profile(ProtocolVersion version, boolean persistent, boolean exact, int window) {}

    private record Outgoing(String topic, String payload, int qos, boolean retain) {}

    private static final int BUFFER_LENGTH = 1 << 20;
    private static final int BURST_PAYLOAD_LENGTH = 400;

    final String id;
    final Profile profile;
    final List<String> received = new ArrayList<>();
    final List<String> receivedWills = new ArrayList<>();
    final List<String> receivedExactlyOnce = new ArrayList<>();
    final Set<String> acknowledged = new HashSet<>();

    /** Of its messages, those that weren't for everybody: on other topics than {@code x/...}. */
    final Set<String> elsewhere = new HashSet<>();

    /** Topic and payload of everything that came, but bursts. */
    final Set<String> arrivals = new HashSet<>();

    final Map<String, String> lastAcknowledgedRetained = new LinkedHashMap<>();
    final Map<String, String> retainedSeen = new LinkedHashMap<>();

    private final String user;
    private final Supplier<Wire> network;
    private final SimRandom random;
    private final byte[] in = new byte[BUFFER_LENGTH];
    private final UnsafeBuffer inView = new UnsafeBuffer(in);
    private final UnsafeBuffer out = new UnsafeBuffer(new byte[1 << 16]);
    private final Map<Integer, Outgoing> unacknowledged = new LinkedHashMap<>();
    private final Map<Integer, Outgoing> released = new LinkedHashMap<>();
    private final Set<Integer> inboundIds = new HashSet<>();
    private final Set<String> seen = new HashSet<>();
    private final Set<Integer> open = new HashSet<>();
    private final ArrayDeque<byte[]> acks = new ArrayDeque<>();
    private final Map<String, Integer> wanted = new LinkedHashMap<>();
    private final ConnackDecoder connack = new ConnackDecoder();
    private final PublishDecoder publish = new PublishDecoder();
    private final Map<Integer, String> aliases = new LinkedHashMap<>();
    private final Map<Integer, String> sentAliases = new LinkedHashMap<>();
    private final AckDecoder ack = new AckDecoder();

    private Wire wire;
    private boolean connected;
    private int inLength;
    private int nextPacketId = 1;
    private int subscribesOutstanding;
    private int sequence;
    private boolean sendWill;
    private boolean hadSession;

    SimClient(final String id, final Profile profile, final Supplier<Wire> network, final SimRandom random) {
        this(id, id, profile, network, random);
    }

    SimClient(
            final String id,
            final String user,
            final Profile profile,
            final Supplier<Wire> network,
            final SimRandom random) {
        this.id = id;
        this.user = user;
        this.profile = profile;
        this.network = network;
        this.random = random;
    }

    /** Filters that the client subscribes to whenever its session is new. */
    void want(final String filter, final int qos) {
        wanted.put(filter, qos);
    }

    void withWill() {
        sendWill = true;
    }

    boolean isReady() {
        return connected && subscribesOutstanding == 0;
    }

    boolean isDrained() {
        return isReady() && unacknowledged.isEmpty() && released.isEmpty() && acks.isEmpty();
    }

    /** One turn: connect if there is no connection, read what came, acknowledge some of it. */
    void step(final boolean eager) {
        if (wire == null) {
            if (eager || random.oneIn(4)) {
                connect(!profile.persistent);
            }
            return;
        }
        read();
        if (wire != null) {
            sendAcks(eager);
        }
    }

    /** Breaks the connection without DISCONNECT. */
    void die() {
        if (wire != null) {
            wire.reset();
            forgetConnection();
        }
    }

    /** Opens another connection with the same id while the broker still holds this one. */
    void takeOver() {
        if (connected) {
            wire = null;
            forgetConnection();
            connect(false);
        }
    }

    void disconnect(final int reasonCode) {
        if (connected) {
            send(DisconnectEncoder.encode(out, 0, profile.version, reasonCode));
            wire = null;
            forgetConnection();
        }
    }

    void forgetConnection() {
        wire = null;
        connected = false;
        inLength = 0;
        acks.clear();
        subscribesOutstanding = 0;
        aliases.clear();
        sentAliases.clear();
        open.clear();
    }

    /**
     * Publishes the next message of this client, if its window has room. The payload names client and sequence.
     *
     * @return the payload, null if there was no room.
     */
    String publish(final String topic, final int qos, final boolean retain) {
        if (!isReady() || unacknowledged.size() + released.size() >= profile.window) {
            return null;
        }
        final Outgoing message = new Outgoing(topic, id + ":" + sequence++, qos, retain);
        if (!topic.startsWith("x/")) {
            elsewhere.add(message.payload);
        }
        int packetId = 0;
        if (qos > 0) {
            packetId = freePacketId();
            unacknowledged.put(packetId, message);
        }
        sendPublish(message, packetId, false);
        return message.payload;
    }

    /** Sends many QoS 0 messages at once, more than rings and lanes hold. */
    void burst(final String topic, final int count) {
        if (isReady()) {
            final Outgoing message = new Outgoing(topic, "burst".repeat(BURST_PAYLOAD_LENGTH / 5), 0, false);
            for (int i = 0; i < count && wire != null; i++) {
                sendPublish(message, 0, false);
            }
        }
    }

    private int freePacketId() {
        do {
            nextPacketId = nextPacketId % 0xFFFF + 1;
        } while (unacknowledged.containsKey(nextPacketId) || released.containsKey(nextPacketId));
        return nextPacketId;
    }

    private void sendPublish(final Outgoing message, final int packetId, final boolean dup) {
        final int number = alias(message.topic);
        final UnsafeBuffer alias = new UnsafeBuffer(number == 0 ? new byte[0] : new byte[] {0x23, 0, (byte) number});
        final boolean known = number != 0 && message.topic.equals(sentAliases.put(number, message.topic));
        final UnsafeBuffer topic = bytes(known ? "" : message.topic);
        final UnsafeBuffer payload = bytes(message.payload);
        final int flags = (dup ? 8 : 0) | message.qos << 1 | (message.retain ? 1 : 0);
        send(PublishEncoder.encode(
                out,
                0,
                profile.version,
                flags,
                packetId,
                topic,
                0,
                topic.capacity(),
                alias,
                0,
                alias.capacity(),
                -1,
                payload,
                0,
                payload.capacity()));
    }

    /** The alias of a topic, 0 for none; some topics share one. */
    private int alias(final String topic) {
        final int digit = topic.charAt(topic.length() - 1) - '0';
        return profile.version == ProtocolVersion.V5 && digit >= 1 && digit <= 2 ? digit : 0;
    }

    private void connect(final boolean clean) {
        wire = network.get();
        if (wire == null) {
            return;
        }
        final ConnectEncoder encoder = new ConnectEncoder()
                .wrap(out, 0, profile.version)
                .cleanStart(clean)
                .keepAlive(3600)
                .clientId(id)
                .username(user);
        if (profile.version == ProtocolVersion.V5) {
            encoder.sessionExpiry(profile.persistent ? 0xFFFF_FFFFL : 0);
            encoder.receiveMaximum(profile.window);
            encoder.topicAliasMaximum(2);
        }
        if (sendWill) {
            encoder.will("will/" + id, (id + ":will" + sequence++).getBytes(StandardCharsets.UTF_8), 1, false);
        }
        send(encoder.finish());
    }

    private void read() {
        final int count = wire.receive(in, inLength, BUFFER_LENGTH - inLength);
        inLength += count;
        int offset = 0;
        while (wire != null) {
            final int length = Framing.packetLength(inView, offset, inLength - offset, BUFFER_LENGTH);
            if (length < 0) {
                throw new AssertionError(id + ": the broker sent a malformed length: " + length);
            }
            if (length == Framing.INCOMPLETE || length > inLength - offset) {
                break;
            }
            onPacket(offset, length);
            offset += length;
        }
        if (wire == null) {
            return;
        }
        System.arraycopy(in, offset, in, 0, inLength - offset);
        inLength -= offset;
        if (wire.isClosed()) {
            forgetConnection();
        }
    }

    private void onPacket(final int offset, final int length) {
        final int type = Framing.packetType(in[offset]);
        switch (type) {
            case PacketType.CONNACK -> onConnack(offset, length);
            case PacketType.PUBLISH -> onPublish(offset, length);
            case PacketType.PUBACK, PacketType.PUBREC, PacketType.PUBREL, PacketType.PUBCOMP -> onAck(offset, length);
            case PacketType.SUBACK -> subscribesOutstanding--;
            case PacketType.DISCONNECT -> forgetConnection();
            default -> throw new AssertionError(id + ": unexpected " + PacketType.name(type));
        }
    }

    private void onConnack(final int offset, final int length) {
        check("CONNACK", connack.wrap(inView, offset, length, profile.version));
        if (connack.reasonCode() != 0) {
            forgetConnection();
            return;
        }
        connected = true;
        // MQTT 3.1 has no way to say whether there is a session; a client that keeps one takes it for granted.
        final boolean present = connack.sessionPresent()
                || (profile.version == ProtocolVersion.V3_1 && profile.persistent && hadSession);
        hadSession = true;
        if (!present) {
            inboundIds.clear();
            released.clear();
            wanted.forEach(this::sendSubscribe);
        }
        released.keySet().forEach(packetId -> sendAck(PacketType.PUBREL, packetId));
        unacknowledged.forEach((packetId, message) -> sendPublish(message, packetId, true));
    }

    private void sendSubscribe(final String filter, final int qos) {
        subscribesOutstanding++;
        final int retainHandling = profile.exact && profile.version == ProtocolVersion.V5 ? 2 << 4 : 0;
        final SubscribeEncoder subscribe = new SubscribeEncoder()
                .wrap(out, 0, profile.version, 60_000 + subscribesOutstanding, identifier(filter))
                .add(filter, qos | retainHandling);
        // Filters that nothing matches, so that the event is of any length.
        for (int i = random.below(20); i > 0; i--) {
            subscribe.add("none/" + i, 0);
        }
        send(subscribe.finish());
    }

    /** The place among the wanted filters, which is the subscription identifier. */
    private int identifier(final String filter) {
        return profile.version == ProtocolVersion.V5
                ? new ArrayList<>(wanted.keySet()).indexOf(filter) + 1
                : SubscribeEncoder.NO_IDENTIFIER;
    }

    private String topic() {
        final String topic = inView.getStringWithoutLengthUtf8(publish.topicOffset(), publish.topicLength());
        if (!publish.properties().has(PropertyId.TOPIC_ALIAS)) {
            return topic;
        }
        final int alias = (int) publish.properties().value(PropertyId.TOPIC_ALIAS);
        if (!topic.isEmpty()) {
            aliases.put(alias, topic);
        }
        return Objects.requireNonNull(aliases.get(alias), () -> id + ": alias " + alias + " was never set");
    }

    /** Every message says for which subscription it comes; the last one, when there are several. */
    private void checkIdentifier(final String topic) {
        if (profile.version != ProtocolVersion.V5) {
            return;
        }
        final int identifier = (int) publish.properties().value(PropertyId.SUBSCRIPTION_IDENTIFIER, 0);
        if (identifier == 0 || !matches(new ArrayList<>(wanted.keySet()).get(identifier - 1), topic)) {
            throw new AssertionError(id + ": subscription identifier " + identifier + " on " + topic);
        }
    }

    private static boolean matches(final String filter, final String topic) {
        final String plain = filter.startsWith("$share/") || filter.startsWith("$replay/")
                ? filter.substring(filter.indexOf('/', filter.indexOf('/') + 1) + 1)
                : filter;
        final UnsafeBuffer filterBytes = bytes(plain);
        final UnsafeBuffer topicBytes = bytes(topic);
        return TopicFilter.matches(filterBytes, 0, filterBytes.capacity(), topicBytes, 0, topicBytes.capacity());
    }

    private void onPublish(final int offset, final int length) {
        check("PUBLISH", publish.wrap(inView, offset, length, profile.version));
        final String topic = topic();
        checkIdentifier(topic);
        final String payload = inView.getStringWithoutLengthUtf8(publish.payloadOffset(), publish.payloadLength());
        checkStamp(topic, payload);
        final int packetId = publish.packetId();
        if (publish.qos() > 0) {
            checkWindow(packetId);
        }
        switch (publish.qos()) {
            case 1 -> {
                deliver(topic, payload, 1);
                queueAck(PacketType.PUBACK, packetId);
            }
            case 2 -> {
                if (inboundIds.add(packetId)) {
                    deliver(topic, payload, 2);
                }
                queueAck(PacketType.PUBREC, packetId);
            }
            default -> deliver(topic, payload, 0);
        }
    }

    /** The broker says who published what it is to say that of, and nothing of other messages. */
    private void checkStamp(final String topic, final String payload) {
        final boolean stamped =
                profile.version == ProtocolVersion.V5 && (topic.equals("x/3") || topic.startsWith("will/"));
        final Properties properties = publish.properties();
        if (properties.userPropertyCount() != (stamped ? 4 : 0)) {
            throw new AssertionError(id + ": " + properties.userPropertyCount() + " user properties on " + topic);
        }
        if (stamped) {
            properties.rewind();
            properties.nextUserProperty();
            final String publisher = payload.substring(0, payload.indexOf(':'));
            final String said = inView.getStringWithoutLengthUtf8(properties.valueOffset(), properties.valueLength());
            if (!said.equals(publisher)) {
                throw new AssertionError(id + ": " + payload + " on " + topic + " is said to come from " + said);
            }
        }
    }

    /** The broker never has more in flight than the client said it takes. */
    private void checkWindow(final int packetId) {
        open.add(packetId);
        if (profile.version == ProtocolVersion.V5 && open.size() > profile.window) {
            throw new AssertionError(id + ": in flight " + open + ", receive maximum " + profile.window);
        }
    }

    private void deliver(final String topic, final String payload, final int qos) {
        if (!payload.startsWith("burst")) {
            arrivals.add(topic + " " + payload);
        }
        if (publish.retain()) {
            retainedSeen.put(topic, payload);
        } else if (topic.startsWith("will/")) {
            receivedWills.add(payload);
        } else if (qos > 0) {
            final boolean first = seen.add(payload);
            if (first) {
                received.add(payload);
                if (qos == 2) {
                    receivedExactlyOnce.add(payload);
                }
            } else if (qos == 2) {
                throw new AssertionError(id + ": QoS 2 message delivered twice: " + payload);
            }
        }
    }

    private void onAck(final int offset, final int length) {
        check("acknowledgement", ack.wrap(inView, offset, length, profile.version));
        final int packetId = ack.packetId();
        switch (ack.packetType()) {
            case PacketType.PUBACK -> onAcknowledged(unacknowledged.remove(packetId));
            case PacketType.PUBREC -> onPubrec(packetId);
            case PacketType.PUBCOMP -> released.remove(packetId);
            default -> {
                checkWindow(packetId);
                inboundIds.remove(packetId);
                queueAck(PacketType.PUBCOMP, packetId);
            }
        }
    }

    private void onPubrec(final int packetId) {
        final Outgoing message = unacknowledged.remove(packetId);
        onAcknowledged(message);
        if (ack.reasonCode() >= 0x80) {
            return;
        }
        if (message != null) {
            released.put(packetId, message);
        }
        sendAck(PacketType.PUBREL, packetId);
    }

    private void onAcknowledged(final Outgoing message) {
        if (message != null && ack.reasonCode() < 0x80) {
            acknowledged.add(message.payload);
            if (message.retain) {
                lastAcknowledgedRetained.put(message.topic, message.payload);
            }
        }
    }

    private void queueAck(final int packetType, final int packetId) {
        final int length = AckEncoder.encode(out, 0, profile.version, packetType, packetId, 0);
        acks.add(Arrays.copyOf(out.byteArray(), length));
    }

    private void sendAcks(final boolean eager) {
        int count = eager ? acks.size() : random.below(acks.size() + 1);
        while (count-- > 0) {
            final byte[] packet = acks.poll();
            final int type = Framing.packetType(packet[0]);
            if (type == PacketType.PUBACK || type == PacketType.PUBCOMP) {
                open.remove((packet[2] & 0xFF) << 8 | packet[3] & 0xFF);
            }
            wire.send(new UnsafeBuffer(packet), 0, packet.length);
        }
    }

    private void sendAck(final int packetType, final int packetId) {
        send(AckEncoder.encode(out, 0, profile.version, packetType, packetId, 0));
    }

    private void send(final int length) {
        wire.send(out, 0, length);
    }

    private void check(final String what, final int reasonCode) {
        if (reasonCode >= 0x80) {
            throw new AssertionError(id + ": the broker's " + what + " is wrong: 0x" + Integer.toHexString(reasonCode));
        }
    }

    private static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return id + " connected " + connected + " subscribes " + subscribesOutstanding + " unacknowledged "
                + unacknowledged + " released " + released + " acks " + acks.size();
    }
}
