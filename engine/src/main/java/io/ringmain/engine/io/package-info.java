/**
 * Everything that is bytes. An {@link io.ringmain.engine.io.IoAgent} reads sockets, finds packets, checks them, and
 * writes events into the ring; it reads its egress lane and writes packets to sockets. It never waits: a full ring
 * leaves the bytes where they are, a full socket leaves them in the connection's outbound queue.
 *
 * <p>In: {@link io.ringmain.engine.io.InboundHandler} with a handler for each family of packets. Out:
 * {@link io.ringmain.engine.io.EgressHandler} and {@link io.ringmain.engine.io.OutboundQueue}. Sockets stand behind
 * {@link io.ringmain.engine.io.Transport} and {@link io.ringmain.engine.io.Channel}, so that a simulation can stand
 * there too.
 */
package io.ringmain.engine.io;
