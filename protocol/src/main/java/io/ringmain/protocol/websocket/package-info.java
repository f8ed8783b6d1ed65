/**
 * WebSockets as a server speaks them (RFC 6455), for MQTT: the HTTP/1.1 request that opens one, what may be answered, and
 * frames. No I/O, no threads; nothing is allocated for a frame.
 *
 * <p>{@link io.ringmain.protocol.websocket.UpgradeRequest} reads the request, {@link
 * io.ringmain.protocol.websocket.UpgradeRules} decides, {@link io.ringmain.protocol.websocket.UpgradeAnswer} writes the
 * answer. Then {@link io.ringmain.protocol.websocket.FrameDecoder} turns frames into the bytes that they carry, and {@link
 * io.ringmain.protocol.websocket.FrameEncoder} puts headers in front of ours. No extension is ever agreed on.
 */
package io.ringmain.protocol.websocket;
