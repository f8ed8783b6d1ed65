package io.ringmain.ops;

/** Exit codes of all commands but {@code pub} and {@code sub}, which have those of Mosquitto's clients. */
public final class ExitCode {
    public static final int OK = 0;
    /** Failed, or a check found something. */
    public static final int FAILED = 1;

    public static final int USAGE = 2;
    public static final int CONFIGURATION = 3;
    public static final int UNREACHABLE = 4;
    public static final int NOT_AUTHORIZED = 5;
    /** Data on disk is damaged. */
    public static final int DAMAGED = 6;

    public static final int NOT_FOUND = 7;
    public static final int TIMEOUT = 8;
    /** Refused for safety. */
    public static final int REFUSED = 9;

    private ExitCode() {}
}
