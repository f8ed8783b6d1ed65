/** The broker that is measured, in a process of its own as the launcher starts it, and what the system says about it. */
package io.ringmain.perf.broker;
