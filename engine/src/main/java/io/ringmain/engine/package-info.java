/**
 * The broker as a whole: its configuration, and the wiring of its agents to threads. No logic lives here.
 */
package io.ringmain.engine;
