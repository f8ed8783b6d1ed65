/** The brokers that are measured, ours and others, in processes of their own, and what the system says about them. */
package io.ringmain.perf.broker;
