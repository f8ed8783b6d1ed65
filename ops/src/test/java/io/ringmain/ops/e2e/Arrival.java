package io.ringmain.ops.e2e;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/** A message as a client hands it out; equal if its bytes and flags are. */
record Arrival(String topic, byte[] payload, int qos, boolean retained) {
    static Arrival of(final String topic, final String payload, final int qos, final boolean retained) {
        return new Arrival(topic, payload.getBytes(StandardCharsets.UTF_8), qos, retained);
    }

    String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Arrival that
                && topic.equals(that.topic)
                && Arrays.equals(payload, that.payload)
                && qos == that.qos
                && retained == that.retained;
    }

    @Override
    public int hashCode() {
        return Objects.hash(topic, Arrays.hashCode(payload), qos, retained);
    }

    @Override
    public String toString() {
        return topic + " q" + qos + (retained ? " retained " : " ")
                + (payload.length > 40 ? payload.length + " bytes" : text());
    }
}
