/**
 * The preface by which a proxy says whose connection it hands on: the PROXY protocol of HAProxy, versions 1 (a line of
 * text) and 2 (binary). Bytes only; who is believed is decided elsewhere.
 */
package io.ringmain.protocol.proxy;
