package io.ringmain.protocol.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedOriginsTest {
    private final AllowedOrigins origins =
            new AllowedOrigins(List.of("https://ops.example.com", "http://Panel.example.com:8080", "app://obsidian"));

    @ParameterizedTest
    @CsvSource({
        "https://ops.example.com, true",
        "https://ops.example.com:443, true",
        "HTTPS://OPS.EXAMPLE.COM, true",
        "http://panel.example.com:8080, true",
        "app://obsidian, true",
        "http://ops.example.com, false",
        "https://ops.example.com:8443, false",
        "https://ops.example.com.evil.com, false",
        "https://evil.com/ops.example.com, false",
        "https://evil.com?https://ops.example.com, false",
        "https://x@ops.example.com, false",
        "https://ops.example.com/, false",
        "null, false",
        "*, false",
        "ops.example.com, false",
    })
    void shouldAllowThoseOfTheListAlone(final String origin, final boolean expected) {
        assertEquals(expected, origins.allows(origin, "broker.example.com:9001"));
    }

    @Test
    void shouldAllowWhatIsNoPage() {
        assertTrue(origins.allows(null, "broker.example.com:9001"));
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:9001, 127.0.0.1:9001, true",
        "http://localhost:9001, LOCALHOST:9001, true",
        "http://[::1]:9001, [::1]:9001, true",
        "http://10.1.2.3, 10.1.2.3:80, true",
        "http://127.0.0.1:9001, 127.0.0.1:9002, false",
        "http://127.0.0.1, 127.0.0.1:9001, false",
        "http://localhost:9001, 127.0.0.1:9001, false",
        // The owner of this name lets it mean 127.0.0.1 once his page is loaded.
        "http://rebound.evil.com:9001, rebound.evil.com:9001, false",
        "http://127.0.0.1.evil.com:9001, 127.0.0.1.evil.com:9001, false",
        "http://localhost.evil.com:9001, localhost.evil.com:9001, false",
    })
    void shouldAllowThePageOfTheHostItselfIfThatIsAnAddress(
            final String origin, final String host, final boolean expected) {
        assertEquals(expected, origins.allows(origin, host));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://anything.example", "null", "file://"})
    void shouldAllowEveryPageWhenToldTo(final String origin) {
        assertTrue(new AllowedOrigins(List.of("*")).allows(origin, "h"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", "ops.example.com", "https://", "https://a/b", "https://*.example.com", "https://a:b"
            })
    void shouldSayThatSomethingIsNoOrigin(final String text) {
        assertThrows(IllegalArgumentException.class, () -> AllowedOrigins.normalised(text));
    }
}
