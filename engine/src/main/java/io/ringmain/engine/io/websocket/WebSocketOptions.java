package io.ringmain.engine.io.websocket;

import io.ringmain.engine.io.AddressSet;
import io.ringmain.protocol.websocket.UpgradeRules;

/**
 * What a listener for WebSockets wants of its clients.
 *
 * @param rules for requests.
 * @param trustedProxies whose word is taken for the address of the client.
 * @param maxHeaderBytes most bytes of a request.
 * @param maxHeaders most header lines of a request.
 * @param maxFrameBeforeConnect most bytes of payload of a frame, until the client has got past its CONNECT.
 * @param maxFrame the same from then on.
 * @param maxEmptyFrames most data frames without payload that may follow each other.
 */
public record WebSocketOptions(
        UpgradeRules rules,
        AddressSet trustedProxies,
        int maxHeaderBytes,
        int maxHeaders,
        int maxFrameBeforeConnect,
        int maxFrame,
        int maxEmptyFrames) {}
