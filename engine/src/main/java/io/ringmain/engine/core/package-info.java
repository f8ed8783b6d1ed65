/**
 * The state machine of the broker, and its ports.
 *
 * <p>Pure: it knows the events it is given and nothing else. No clock, no I/O, no thread, no chance, no iteration over a
 * hash table; an architecture test keeps it so. Hence a log can be replayed, a snapshot compared, and the whole broker
 * simulated.
 *
 * <p>{@link io.ringmain.engine.core.BrokerCore} takes the events; {@link io.ringmain.engine.core.CoreOutput} is what it
 * says. Between them: sessions in {@code session}, topic filters in {@code topic}, retained messages in {@code retain},
 * and in {@code state} what all of them are made of.
 */
package io.ringmain.engine.core;
