/** Retained messages: the last one of each topic, as a reference into the log. */
package io.ringmain.engine.core.retain;
