package io.ringmain.engine.io.tls;

/** Whether clients show a certificate. */
public enum ClientAuth {
    NONE,
    /** They may; one that isn't valid ends the connection. */
    REQUEST,
    REQUIRE
}
