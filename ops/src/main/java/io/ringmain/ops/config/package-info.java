/**
 * The configuration: its keys, where their values come from, and what is wrong with them, by file, line and column.
 */
package io.ringmain.ops.config;
