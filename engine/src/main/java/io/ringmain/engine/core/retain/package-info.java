/**
 * Retained messages: the last one of each topic, as a reference into the log.
 *
 * <p>They lie in the order in which they were retained, not in a tree of topics: that makes a wildcard scan resumable by
 * one number and lets it meet exactly what was there when it began. The price is that a scan looks at every topic,
 * whatever its filter; it does so in slices.
 */
package io.ringmain.engine.core.retain;
