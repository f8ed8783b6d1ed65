/** Counters: what happened how often, and which limit was hit. */
package io.ringmain.engine.counters;
