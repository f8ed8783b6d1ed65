package io.ringmain.protocol.proxy;

/** What a preface says of where a connection comes from. */
public enum ProxySource {
    /** From the proxy itself, such as to see whether we are there. */
    PROXY,
    /** From somebody whose address the proxy doesn't know, or can't say. */
    UNKNOWN,
    /** From an address and a port. */
    INTERNET,
    /** Through a Unix domain socket on the machine of the proxy. */
    UNIX
}
