/** What a benchmark has found, as a table for people and as JSON for whoever compares runs. */
package io.ringmain.perf.report;
