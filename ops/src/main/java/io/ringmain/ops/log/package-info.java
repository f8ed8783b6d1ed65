/** Tools that read the message log of a data directory, whether a broker runs on it or not. */
package io.ringmain.ops.log;
