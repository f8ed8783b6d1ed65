/**
 * Connections that come through a proxy which says whose they are, by the PROXY protocol: the lowest layer of a
 * listener, below encryption, as the proxy says it before anything else.
 */
package io.ringmain.engine.io.proxy;
