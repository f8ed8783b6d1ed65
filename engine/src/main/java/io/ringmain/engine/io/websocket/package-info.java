/**
 * MQTT in WebSockets: a channel over another one that takes the upgrade request, then frames, and gives the bytes of MQTT
 * that they carry. {@link io.ringmain.engine.io.websocket.WebSocketLayer} makes one for each connection of a listener. An
 * idle connection has no buffer of its own: scratch belongs to the thread.
 */
package io.ringmain.engine.io.websocket;
