/** A small blocking MQTT client for {@code ringmain pub} and {@code ringmain sub}. */
package io.ringmain.ops.client;
