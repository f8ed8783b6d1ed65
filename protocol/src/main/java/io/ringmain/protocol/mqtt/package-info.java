/**
 * MQTT 3.1, 3.1.1 and 5.0 on the wire.
 *
 * <p>{@link io.ringmain.protocol.mqtt.Framing} finds packets in a stream, a decoder per packet type reads one packet in
 * place, an encoder per packet type writes one. Decoders are flyweights to be used again: {@code wrap} walks over the
 * packet once, checks everything that the specification asks of its form, and returns
 * {@link io.ringmain.protocol.ReasonCode#SUCCESS} or the MQTT 5 reason code of the first fault. Texts and payloads are
 * handed out as offset and length in the wrapped buffer. Nothing is allocated, nothing is thrown.
 *
 * <p>What a fault means, by version and packet:
 *
 * <pre>
 *  reason code of wrap()               | MQTT 5                        | MQTT 3.1, 3.1.1
 *  ------------------------------------+-------------------------------+----------------------------------
 *  UNSUPPORTED_PROTOCOL_VERSION 0x84   | CONNACK 0x84, close           | CONNACK 0x01, close
 *  CLIENT_IDENTIFIER_NOT_VALID 0x85    | (never from a decoder)        | CONNACK 0x02, close
 *  any other of CONNECT                | CONNACK with the code, close  | close without a word
 *  any of another packet               | DISCONNECT with the code,     | close without a word; a will is
 *                                      | close; a will is published    | published (3.1.1, section 4.8)
 * </pre>
 *
 * <p>MALFORMED_PACKET (0x81) is for what can't be parsed by the specification: lengths, reserved bits, ill-formed text,
 * a property that the packet may not have, bytes left over. PROTOCOL_ERROR (0x82) is for what can be parsed and is
 * forbidden: a property twice or out of range, packet identifier 0, no filter, No Local on a shared subscription. Where
 * a code of its own fits, as TOPIC_NAME_INVALID or TOPIC_ALIAS_INVALID, it is that. A filter of the wrong syntax is no
 * fault of its packet: SUBACK 0x8F in MQTT 5, in 3.x the connection is closed.
 *
 * <p>Decoders serve both ends of a connection, so what is wrong in one direction only is left to who knows the
 * direction. For a server these are, all protocol errors: SUBSCRIPTION_IDENTIFIER in a PUBLISH; SERVER_REFERENCE in a
 * DISCONNECT; AUTH of a client that gave no authentication method, or with reason code success; SESSION_EXPIRY_INTERVAL
 * above 0 in a DISCONNECT when CONNECT said 0; and packets of types that only servers send.
 */
package io.ringmain.protocol.mqtt;
