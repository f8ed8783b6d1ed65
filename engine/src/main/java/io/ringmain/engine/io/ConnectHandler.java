package io.ringmain.engine.io;

import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.ClientAccess;
import io.ringmain.engine.auth.ClientIdentity;
import io.ringmain.engine.auth.Credentials;
import io.ringmain.engine.auth.Permissions;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.event.ConnectEvent;
import io.ringmain.engine.event.Origin;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.TopicHash;
import io.ringmain.protocol.TopicName;
import io.ringmain.protocol.Utf8;
import io.ringmain.protocol.mqtt.ConnectDecoder;
import io.ringmain.protocol.mqtt.Properties;
import io.ringmain.protocol.mqtt.PropertyId;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Turns a CONNECT into an event: decides whether the client may come in, gives it an id if it has none, caps what it
 * asks for, and finds the agent that its session belongs to.
 */
final class ConnectHandler {
    private static final int MAX_PACKET_SIZE = Integer.MAX_VALUE;
    private static final int V3_1_MAX_CLIENT_ID_LENGTH = 23;
    private static final int DEFAULT_RECEIVE_MAXIMUM = 65_535;

    private final IoAgent agent;
    private final AuthHandler auths;
    private final AuthFailures failures;
    private final StampPolicy stamps;
    private final IoContext context;
    private final IoLimits limits;
    private final MqttOptions options;
    private final SlotRing ring;
    private final int lane;
    private final int laneCount;
    private final ConnectDecoder decoder = new ConnectDecoder();
    private final ConnectEvent event = new ConnectEvent();
    private final UnsafeBuffer properties = new UnsafeBuffer(new byte[0]);
    private final AssignedIds assignedIds;

    ConnectHandler(
            final IoAgent agent,
            final IoContext context,
            final AuthHandler auths,
            final AuthFailures failures,
            final StampPolicy stamps,
            final int lane,
            final int laneCount) {
        this.auths = auths;
        this.failures = failures;
        this.stamps = stamps;
        this.agent = agent;
        this.context = context;
        this.limits = agent.limits();
        this.options = context.options;
        this.ring = context.ring;
        this.lane = lane;
        this.assignedIds = new AssignedIds(context.secret, lane);
        this.laneCount = laneCount;
    }

    boolean onConnect(final Connection connection, final UnsafeBuffer buffer, final int offset, final int length) {
        if (connection.authentication != null) {
            return onAuthenticated(connection);
        }
        if (connection.verdict != null) {
            decoder.wrap(buffer, offset, length);
            return onVerdict(connection, buffer, offset, length);
        }
        final int fault = decoder.wrap(buffer, offset, length);
        connection.version = decoder.version() == null ? fallbackVersion(buffer, offset, length) : decoder.version();
        if (fault == ReasonCode.SUCCESS) {
            connection.maximumPacketSize = (int) Math.min(
                    MAX_PACKET_SIZE, decoder.properties().value(PropertyId.MAXIMUM_PACKET_SIZE, MAX_PACKET_SIZE));
        }
        connection.wantsReasons = fault == ReasonCode.SUCCESS
                && decoder.properties().value(PropertyId.REQUEST_PROBLEM_INFORMATION, 0) != 0;
        final int verdict = fault != ReasonCode.SUCCESS ? fault : verdict(buffer);
        if (verdict != ReasonCode.SUCCESS) {
            agent.refuse(connection, verdict);
            return InboundHandler.HANDLED;
        }
        final int identityVerdict = identityVerdict(connection, buffer);
        if (identityVerdict != ReasonCode.SUCCESS) {
            failures.refused(connection, buffer, offset, length, identityVerdict);
            agent.refuse(connection, identityVerdict);
            return InboundHandler.HANDLED;
        }
        takeClientId(connection, buffer);
        if (agent.gate().isBanned(connection, username(buffer))) {
            return refuseBanned(connection, buffer, offset, length);
        }
        final int owner = laneOf(connection.clientId, laneCount);
        if (owner != lane) {
            connection.handOverTo = owner;
            return InboundHandler.BACK_PRESSURE;
        }
        if (agent.isBanned(connection)) {
            agent.count(CounterId.CONNECTIONS_REFUSED_TAKEOVER);
            failures.refused(connection, buffer, offset, length, ReasonCode.QUOTA_EXCEEDED);
            agent.refuse(connection, ReasonCode.QUOTA_EXCEEDED);
            return InboundHandler.HANDLED;
        }
        if (decoder.properties().has(PropertyId.AUTHENTICATION_METHOD)) {
            return authenticate(connection, buffer, offset, length);
        }
        ask(connection, buffer);
        return connection.awaitingVerdict
                ? InboundHandler.BACK_PRESSURE
                : onVerdict(connection, buffer, offset, length);
    }

    /** Has it decided who the client is: at once, or, while the CONNECT waits where it is, by another thread. */
    private void ask(final Connection connection, final UnsafeBuffer buffer) {
        try {
            final CompletableFuture<AuthVerdict> answer = agent.policy()
                    .authenticator()
                    .authenticate(credentials(connection, buffer))
                    .toCompletableFuture();
            if (answer.isDone()) {
                connection.verdict = Objects.requireNonNull(answer.join());
                return;
            }
            connection.awaitingVerdict = true;
            answer.whenComplete((verdict, failure) ->
                    agent.execute(() -> agent.onVerdict(connection, verdict != null ? verdict : failed(failure))));
        } catch (final RuntimeException ex) {
            connection.verdict = failed(ex);
        }
    }

    /** Who can't be asked lets nobody in. */
    private static AuthVerdict failed(final Throwable cause) {
        // What an exception says may hold what the client has sent.
        return AuthVerdict.refuse(
                ReasonCode.SERVER_UNAVAILABLE,
                "the authenticator failed: " + cause.getClass().getName());
    }

    private Credentials credentials(final Connection connection, final UnsafeBuffer buffer) {
        return connection.credentials(username(buffer), decoder.hasPassword() ? password(buffer) : null);
    }

    private boolean onVerdict(
            final Connection connection, final UnsafeBuffer buffer, final int offset, final int length) {
        final AuthVerdict verdict = connection.verdict;
        if (verdict.isAccepted()) {
            return agent.gate().isBanned(connection, verdict.username())
                    ? refuseBanned(connection, buffer, offset, length)
                    : admit(connection, buffer, offset, length);
        }
        final int reasonCode =
                ReasonCode.isError(verdict.reasonCode()) ? verdict.reasonCode() : ReasonCode.NOT_AUTHORIZED;
        if (!verdict.reason().isEmpty()) {
            agent.event("not let in: " + connection + ": " + verdict.reason());
        }
        failures.refused(connection, buffer, offset, length, reasonCode);
        agent.refuse(connection, reasonCode);
        return InboundHandler.HANDLED;
    }

    /** The name that the client gives itself; null for none. */
    private String username(final UnsafeBuffer buffer) {
        return decoder.hasUsername() ? text(buffer, decoder.usernameOffset(), decoder.usernameLength()) : null;
    }

    private boolean refuseBanned(
            final Connection connection, final UnsafeBuffer buffer, final int offset, final int length) {
        agent.count(CounterId.CONNECTIONS_REFUSED_BANNED);
        failures.refused(connection, buffer, offset, length, ReasonCode.BANNED);
        agent.refuse(connection, ReasonCode.BANNED);
        return InboundHandler.HANDLED;
    }

    /** Begins an exchange; the CONNECT is kept until it ends well. */
    private boolean authenticate(
            final Connection connection, final UnsafeBuffer buffer, final int offset, final int length) {
        final byte[] packet = new byte[length];
        buffer.getBytes(offset, packet);
        connection.authentication =
                new Authentication(auths.find(buffer, decoder.properties()), new UnsafeBuffer(packet));
        return auths.begin(connection, buffer, decoder.properties())
                ? onAuthenticated(connection)
                : InboundHandler.HANDLED;
    }

    /** The exchange has ended well: the CONNECT that has waited is sequenced. */
    boolean onAuthenticated(final Connection connection) {
        final UnsafeBuffer packet = connection.authentication.connect();
        connection.verdict = connection.authentication.verdict();
        decoder.wrap(packet, 0, packet.capacity());
        if (agent.gate().isBanned(connection, connection.verdict.username())) {
            return refuseBanned(connection, packet, 0, packet.capacity());
        }
        final boolean result = admit(connection, packet, 0, packet.capacity());
        if (result == InboundHandler.HANDLED) {
            connection.authentication.connectSequenced();
        }
        return result;
    }

    /** The lane that owns the session of a client id: takeovers happen on one thread. */
    static int laneOf(final UnsafeBuffer clientId, final int laneCount) {
        return (TopicHash.of(clientId, 0, clientId.capacity()) & Integer.MAX_VALUE) % laneCount;
    }

    /** In which version to refuse a CONNECT of a version that we don't speak: levels above 5 understand 5's CONNACK. */
    private static ProtocolVersion fallbackVersion(final UnsafeBuffer buffer, final int offset, final int length) {
        final int levelOffset = 8;
        return length > levelOffset && buffer.getByte(offset + levelOffset) > ProtocolVersion.V5.level()
                ? ProtocolVersion.V5
                : ProtocolVersion.V3_1_1;
    }

    /** Whether we take such a CONNECT, whoever sends it. */
    private int verdict(final UnsafeBuffer buffer) {
        if (agent.userPropertyLimit().isPassed(decoder.properties(), decoder.willProperties())) {
            return ReasonCode.QUOTA_EXCEEDED;
        }
        final int will = decoder.hasWill() ? willVerdict(buffer) : ReasonCode.SUCCESS;
        if (will != ReasonCode.SUCCESS) {
            return will;
        }
        return context.logFull.getAsBoolean() ? ReasonCode.QUOTA_EXCEEDED : ReasonCode.SUCCESS;
    }

    /** Whether we let this client in. */
    private int identityVerdict(final Connection connection, final UnsafeBuffer buffer) {
        final boolean enhanced = decoder.properties().has(PropertyId.AUTHENTICATION_METHOD);
        if (enhanced && auths.find(buffer, decoder.properties()) == null) {
            return ReasonCode.BAD_AUTHENTICATION_METHOD;
        }
        if (!clientIdAcceptable(buffer)) {
            agent.count(CounterId.CONNECTIONS_REFUSED_CLIENT_ID);
            return ReasonCode.CLIENT_IDENTIFIER_NOT_VALID;
        }
        if (decoder.usernameLength() > limits.clientIdLength()
                || hasControlCharacter(buffer, decoder.usernameOffset(), decoder.usernameLength())) {
            agent.count(CounterId.CONNECTIONS_REFUSED_CLIENT_ID);
            return ReasonCode.BAD_USER_NAME_OR_PASSWORD;
        }
        return ReasonCode.SUCCESS;
    }

    private boolean clientIdAcceptable(final UnsafeBuffer buffer) {
        final int length = decoder.clientIdLength();
        if (length == 0) {
            return switch (decoder.version()) {
                case V3_1 -> false;
                case V3_1_1 -> decoder.cleanStart();
                case V5 -> true;
            };
        }
        final boolean tooLong = decoder.version() == ProtocolVersion.V3_1
                && length > V3_1_MAX_CLIENT_ID_LENGTH
                && !options.longMqisdpClientIds();
        return !tooLong
                && length <= limits.clientIdLength()
                && !hasControlCharacter(buffer, decoder.clientIdOffset(), length);
    }

    /** U+0001 to U+001F, U+007F to U+009F; the text is valid UTF-8, in which the latter begin with 0xC2. */
    private static boolean hasControlCharacter(final UnsafeBuffer buffer, final int offset, final int length) {
        for (int i = 0; i < length; i++) {
            final byte b = buffer.getByte(offset + i);
            final boolean isC1 = b == (byte) 0xC2 && i + 1 < length && buffer.getByte(offset + i + 1) < (byte) 0xA0;
            if ((b >= 0 && b < ' ') || b == 0x7F || isC1) {
                return true;
            }
        }
        return false;
    }

    private int willVerdict(final UnsafeBuffer buffer) {
        if (!willAcceptable(buffer)) {
            return ReasonCode.TOPIC_NAME_INVALID;
        }
        if (decoder.willQos() > limits.maxQos()) {
            agent.count(CounterId.LIMIT_QOS);
            return ReasonCode.QOS_NOT_SUPPORTED;
        }
        if (decoder.willRetain() && !options.retainAvailable()) {
            return ReasonCode.RETAIN_NOT_SUPPORTED;
        }
        final boolean isText = decoder.willProperties().value(PropertyId.PAYLOAD_FORMAT_INDICATOR, 0) != 0;
        return isText
                        && options.payloadFormatChecked()
                        && !Utf8.validate(buffer, decoder.willPayloadOffset(), decoder.willPayloadLength())
                ? ReasonCode.PAYLOAD_FORMAT_INVALID
                : ReasonCode.SUCCESS;
    }

    private boolean willAcceptable(final UnsafeBuffer buffer) {
        final int topic = decoder.willTopicOffset();
        final int length = decoder.willTopicLength();
        return length <= limits.topicLength()
                && buffer.getByte(topic) != '$'
                && TopicName.levels(buffer, topic, length) <= limits.topicLevels();
    }

    private static String text(final UnsafeBuffer buffer, final int offset, final int length) {
        return buffer.getStringWithoutLengthUtf8(offset, length);
    }

    private byte[] password(final UnsafeBuffer buffer) {
        final byte[] password = new byte[decoder.passwordLength()];
        buffer.getBytes(decoder.passwordOffset(), password);
        return password;
    }

    private void takeClientId(final Connection connection, final UnsafeBuffer buffer) {
        if (connection.clientId.capacity() > 0) {
            // Assigned, or taken, by the agent that handed the connection over.
            return;
        }
        final byte[] id;
        if (decoder.clientIdLength() == 0) {
            connection.clientIdAssigned = true;
            id = assignedIds.next();
        } else {
            id = new byte[decoder.clientIdLength()];
            buffer.getBytes(decoder.clientIdOffset(), id);
        }
        connection.clientId = new UnsafeBuffer(id);
    }

    /** It is known who the client is: it comes in, unless it may not say what its will says. */
    private boolean admit(final Connection connection, final UnsafeBuffer buffer, final int offset, final int length) {
        if (connection.access == null) {
            final ClientIdentity identity = identity(connection);
            connection.access = new ClientAccess(identity, agent.permissionsOf(identity));
        }
        if (mayPublishWill(connection, buffer)) {
            return agent.retries().hasUntold() ? InboundHandler.BACK_PRESSURE : sequence(connection, buffer);
        }
        agent.count(CounterId.CONNECTIONS_REFUSED_WILL);
        failures.refused(connection, buffer, offset, length, ReasonCode.NOT_AUTHORIZED);
        agent.refuse(connection, ReasonCode.NOT_AUTHORIZED);
        return InboundHandler.HANDLED;
    }

    private boolean mayPublishWill(final Connection connection, final UnsafeBuffer buffer) {
        final Permissions permissions = connection.access.permissions();
        return !decoder.hasWill()
                || permissions == Permissions.ALL
                || permissions.mayPublish(buffer, decoder.willTopicOffset(), decoder.willTopicLength());
    }

    private UnsafeBuffer willTopic(final UnsafeBuffer buffer) {
        if (!decoder.hasWill()) {
            return null;
        }
        final byte[] topic = new byte[decoder.willTopicLength()];
        buffer.getBytes(decoder.willTopicOffset(), topic);
        return new UnsafeBuffer(topic);
    }

    private boolean sequence(final Connection connection, final UnsafeBuffer buffer) {
        final UnsafeBuffer listener = ClientOrigin.utf8(connection.listener);
        final UnsafeBuffer peer = ClientOrigin.utf8(connection.channel.peer());
        final UnsafeBuffer certificate = ClientOrigin.certificate(connection);
        final UnsafeBuffer user = connection.verdict.username() == null
                ? ClientOrigin.NONE
                : ClientOrigin.utf8(connection.verdict.username());
        connection.origin = ClientOrigin.of(connection, connection.clientId, user, certificate, listener, peer);
        // The same bytes: one copy of them is enough.
        connection.clientId.wrap(connection.origin, Origin.CLIENT_ID_OFFSET, connection.clientId.capacity());
        stamps.prepare(connection, user);
        final Properties will = decoder.willProperties();
        final int forged = decoder.hasWill() ? StampPolicy.removeForged(will) : 0;
        final UnsafeBuffer stamp = decoder.hasWill()
                ? stamps.of(connection, buffer, decoder.willTopicOffset(), decoder.willTopicLength())
                : null;
        final int willPropertiesLength = decoder.hasWill() ? copyWillProperties(will, stamp) : 0;
        final int length = ConnectEvent.length(connection.clientId.capacity()
                + user.capacity()
                + certificate.capacity()
                + listener.capacity()
                + peer.capacity()
                + decoder.willTopicLength()
                + willPropertiesLength
                + decoder.willPayloadLength());
        final long claim = agent.claim(length);
        if (claim == SlotRing.FULL) {
            return InboundHandler.BACK_PRESSURE;
        }
        applyLimits(connection);
        connection.willTopic = willTopic(buffer);
        connection.expireAt(connection.verdict.expiresAtMs());
        agent.register(connection);
        stamps.countForged(forged);
        event.wrapForWrite(ring.buffer(), ring.offset(claim), 0, lane, connection.id)
                .protocolLevel(connection.version.level())
                .flags(flags(connection, will) | (stamp == null ? 0 : ConnectEvent.WILL_STAMPED))
                .keepAliveSeconds((int) TimeUnit.NANOSECONDS.toSeconds(connection.keepAliveNs))
                .sessionExpirySeconds(connection.sessionExpirySeconds)
                .receiveMaximum(receiveMaximum())
                .topicAliasMaximum(connection.sendAliases == null ? 0 : connection.sendAliases.maximum())
                .maximumPacketSize(connection.maximumPacketSize)
                .willDelaySeconds(will.value(PropertyId.WILL_DELAY_INTERVAL, 0))
                .willExpirySeconds(Math.max(0, will.messageExpirySeconds()))
                .clientId(connection.clientId, 0, connection.clientId.capacity())
                .username(user, 0, user.capacity())
                .certificate(certificate, 0, certificate.capacity())
                .listener(listener, 0, listener.capacity())
                .peer(peer, 0, peer.capacity())
                .willTopic(buffer, decoder.willTopicOffset(), decoder.willTopicLength())
                .willProperties(properties, 0, willPropertiesLength)
                .willPayload(buffer, decoder.willPayloadOffset(), decoder.willPayloadLength())
                .finish();
        ring.commit(claim, length);
        connection.verdict = null;
        return InboundHandler.HANDLED;
    }

    /** Those to forward, and those of the broker behind them; returns the length. */
    private int copyWillProperties(final Properties will, final UnsafeBuffer stamp) {
        final int length = will.forwardableLength() + (stamp == null ? 0 : stamp.capacity());
        if (properties.capacity() < length) {
            properties.wrap(new byte[length]);
        }
        will.copyForwardable(properties, 0);
        if (stamp != null) {
            properties.putBytes(will.forwardableLength(), stamp, 0, stamp.capacity());
        }
        return length;
    }

    /** Who the client was found to be. */
    private static ClientIdentity identity(final Connection connection) {
        return new ClientIdentity(
                connection.listener,
                connection.channel.address(),
                connection.clientIdText(),
                connection.verdict.username(),
                connection.verdict.roles());
    }

    private int flags(final Connection connection, final Properties will) {
        final int willFlags = !decoder.hasWill()
                ? 0
                : ConnectEvent.HAS_WILL
                        | (decoder.willRetain() ? ConnectEvent.WILL_RETAIN : 0)
                        | decoder.willQos() << ConnectEvent.WILL_QOS_SHIFT
                        | (will.messageExpirySeconds() >= 0 ? ConnectEvent.WILL_HAS_EXPIRY : 0);
        return willFlags
                | (decoder.cleanStart() ? ConnectEvent.CLEAN_START : 0)
                | (connection.clientIdAssigned ? ConnectEvent.ASSIGNED_ID : 0);
    }

    /** Caps what the client asks for, and notes what has to be announced because of that. */
    private void applyLimits(final Connection connection) {
        final Properties asked = decoder.properties();
        final int keepAlive = decoder.keepAliveSeconds();
        final int granted =
                keepAlive == 0 ? limits.maxKeepAliveSeconds() : Math.min(keepAlive, limits.maxKeepAliveSeconds());
        connection.serverKeepAliveSeconds = granted == keepAlive ? -1 : granted;
        // A 3.x client can't be told of another keep alive: the one it asked for holds, and 0 means none.
        connection.keepAliveNs = TimeUnit.SECONDS.toNanos(connection.isV5() ? granted : keepAlive);
        final long expiry = connection.isV5()
                ? asked.value(PropertyId.SESSION_EXPIRY_INTERVAL, 0)
                : (decoder.cleanStart() ? 0 : ConnectEvent.NEVER);
        connection.sessionExpirySeconds = Math.min(expiry, limits.sessionExpiryMaxSeconds());
        connection.announcedSessionExpirySeconds =
                connection.sessionExpirySeconds == expiry ? -1 : connection.sessionExpirySeconds;
        final int aliases = (int) Math.min(limits.topicAliasMaximum(), asked.value(PropertyId.TOPIC_ALIAS_MAXIMUM, 0));
        connection.sendAliases = aliases == 0 ? null : new TopicAliases(aliases);
        connection.responseInformation = asked.value(PropertyId.REQUEST_RESPONSE_INFORMATION, 0) == 0
                        || options.responseInformation().isEmpty()
                ? null
                : options.responseInformation()
                        .replace("%c", text(connection.clientId, 0, connection.clientId.capacity()));
    }

    private int receiveMaximum() {
        final long asked = decoder.properties().value(PropertyId.RECEIVE_MAXIMUM, DEFAULT_RECEIVE_MAXIMUM);
        return (int) Math.min(asked, limits.receiveMaximum());
    }

    /** Counts a refusal by what it was for. */
    static CounterId refusalCounter(final int reasonCode) {
        return switch (reasonCode) {
            case ReasonCode.MALFORMED_PACKET -> CounterId.CONNECTIONS_CLOSED_MALFORMED;
            case ReasonCode.PROTOCOL_ERROR -> CounterId.CONNECTIONS_CLOSED_PROTOCOL_ERROR;
            default -> CounterId.CONNECTIONS_REFUSED_CONNECT;
        };
    }
}
