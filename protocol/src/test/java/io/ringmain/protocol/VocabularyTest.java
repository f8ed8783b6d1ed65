package io.ringmain.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class VocabularyTest {
    @Test
    void shouldFindVersionsByLevel() {
        for (final ProtocolVersion version : ProtocolVersion.values()) {
            assertSame(version, ProtocolVersion.ofLevel(version.level()));
        }
        assertNull(ProtocolVersion.ofLevel(0));
        assertNull(ProtocolVersion.ofLevel(6));
    }

    @Test
    void shouldNameEveryReasonCodeDifferently() throws IllegalAccessException {
        final Set<String> names = new HashSet<>();
        int count = 0;
        for (final Field field : ReasonCode.class.getFields()) {
            final String name = ReasonCode.name(field.getInt(null));
            assertNotEquals("unknown reason code", name, field.getName());
            names.add(name);
            count++;
        }
        assertEquals(count, names.size());
        assertEquals("unknown reason code", ReasonCode.name(0x7F));
    }

    @Test
    void shouldTellErrors() {
        assertFalse(ReasonCode.isError(ReasonCode.NO_SUBSCRIPTION_EXISTED));
        assertTrue(ReasonCode.isError(ReasonCode.UNSPECIFIED_ERROR));
    }

    @Test
    void shouldGiveThe3ReturnCodeThatComesNearest() {
        assertEquals(0, ReasonCode.connackV3(ReasonCode.SUCCESS));
        assertEquals(1, ReasonCode.connackV3(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION));
        assertEquals(2, ReasonCode.connackV3(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID));
        assertEquals(3, ReasonCode.connackV3(ReasonCode.SERVER_UNAVAILABLE));
        assertEquals(3, ReasonCode.connackV3(ReasonCode.QUOTA_EXCEEDED));
        assertEquals(4, ReasonCode.connackV3(ReasonCode.BAD_USER_NAME_OR_PASSWORD));
        assertEquals(5, ReasonCode.connackV3(ReasonCode.NOT_AUTHORIZED));
        assertEquals(5, ReasonCode.connackV3(ReasonCode.BANNED));
    }
}
