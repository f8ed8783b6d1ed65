package io.ringmain.ops.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What others write: password files, and the messages of SCRAM before anybody is known. Whatever the bytes, the parsers
 * don't throw; what they take can be written and is the same when it is read again.
 */
final class AuthFuzzTest {
    private static final String FUZZ_TIME = "10m";
    private static final Path FILE = Path.of("pw");

    @FuzzTest(maxDuration = FUZZ_TIME)
    void passwordFile(final byte[] content) {
        final List<String> errors = new ArrayList<>();
        final Map<String, PasswordHash> users = PasswordFile.parse(FILE, content, errors);
        errors.forEach(error -> assertTrue(error.startsWith("pw:"), error));
        final StringBuilder written = new StringBuilder();
        users.forEach((name, hash) ->
                written.append(name).append(':').append(hash.text()).append('\n'));
        final List<String> none = new ArrayList<>();
        final Map<String, PasswordHash> again =
                PasswordFile.parse(FILE, written.toString().getBytes(UTF_8), none);
        assertEquals(List.of(), none);
        assertEquals(List.copyOf(users.keySet()), List.copyOf(again.keySet()));
        users.forEach((name, hash) -> assertEquals(hash.text(), again.get(name).text()));
    }

    @FuzzTest(maxDuration = FUZZ_TIME)
    void scram(final byte[] message) {
        final ScramMessages.ClientFirst first = ScramMessages.clientFirst(message);
        if (first != null) {
            assertEquals(new String(message, UTF_8), first.gs2Header() + first.bare());
        }
        final ScramMessages.ClientFinal last = ScramMessages.clientFinal(message);
        if (last != null) {
            assertTrue(new String(message, UTF_8).startsWith(last.withoutProof()));
        }
    }
}
