package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerProcess;
import io.ringmain.perf.report.Report;
import java.io.IOException;
import java.util.List;

/**
 * A state of a given size, which is built through the broker, over MQTT.
 *
 * @param retained retained topics.
 * @param sessions persistent sessions, offline, with a subscription each.
 * @param queued messages for them in all.
 * @param payloadLength of each message in bytes.
 */
record BuiltState(int retained, int sessions, int queued, int payloadLength) {
    /** Settings of a broker that can hold it. */
    List<String> settings() {
        return List.of(
                "limits.retained_messages=" + Math.max(1, retained),
                "limits.queued_messages_per_session=" + Math.max(1, queued),
                "limits.queued_bytes_per_session=1024GB");
    }

    /** Builds it, and notes in the report what it is and how long that took. */
    void build(final int port, final Report report) throws IOException {
        report.fact("retained", retained).fact("sessions", sessions).fact("queued", queued);
        report.fact("payload B", payloadLength);
        report.fact(
                "built retained s",
                BulkPublisher.publish(
                        BrokerProcess.HOST, port, retained, n -> "bench/state/" + n, true, payloadLength));
        report.fact("built sessions s", SessionMaker.make(port, sessions, BuiltState::queueTopic));
        report.fact(
                "built queued s",
                BulkPublisher.publish(
                        BrokerProcess.HOST,
                        port,
                        queued,
                        n -> queueTopic((int) (n % Math.max(1, sessions))),
                        false,
                        payloadLength));
    }

    private static String queueTopic(final int session) {
        return "bench/queue/" + session;
    }
}
