/** What log and snapshots share: how files of the data directory are made. */
package io.ringmain.storage;
