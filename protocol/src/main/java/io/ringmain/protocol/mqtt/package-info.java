/**
 * MQTT 3.1, 3.1.1 and 5.0 on the wire.
 *
 * <p>{@link io.ringmain.protocol.mqtt.Framing} finds packets in a stream, a decoder per packet type reads one packet in
 * place, an encoder per packet type writes one. Decoders are flyweights to be used again: {@code wrap} walks over the
 * packet once, checks everything that the specification asks of its form, and returns
 * {@link io.ringmain.protocol.ReasonCode#SUCCESS} or the MQTT 5 reason code of the first fault. Texts and payloads are
 * handed out as offset and length in the wrapped buffer. Nothing is allocated, nothing is thrown.
 *
 * <p>What a fault means: an MQTT 5 connection gets a DISCONNECT (or, for CONNECT, a CONNACK) with the reason code and
 * is closed; a 3.x connection is closed without a word (3.1.1, section 4.8), except for a CONNECT whose fault has a
 * return code: an unsupported level gets 0x01, an unacceptable client id 0x02.
 */
package io.ringmain.protocol.mqtt;
