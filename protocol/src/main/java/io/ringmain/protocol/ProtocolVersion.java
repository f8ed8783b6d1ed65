package io.ringmain.protocol;

/** The protocol versions, by the level byte of CONNECT. */
public enum ProtocolVersion {
    V3_1(3),
    V3_1_1(4),
    V5(5);

    private final int level;

    ProtocolVersion(final int level) {
        this.level = level;
    }

    /** The level byte on the wire. */
    public int level() {
        return level;
    }

    /** The version of a level byte, null for one that we don't speak. */
    public static ProtocolVersion ofLevel(final int level) {
        return switch (level) {
            case 3 -> V3_1;
            case 4 -> V3_1_1;
            case 5 -> V5;
            default -> null;
        };
    }
}
