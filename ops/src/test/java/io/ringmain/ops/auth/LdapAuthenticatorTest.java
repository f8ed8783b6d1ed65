package io.ringmain.ops.auth;

import static io.ringmain.ops.auth.TestClients.ask;
import static io.ringmain.ops.auth.TestClients.client;
import static io.ringmain.ops.auth.TestClients.refuses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchEntry;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSimpleBindRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPURL;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.util.ssl.KeyStoreKeyManager;
import com.unboundid.util.ssl.SSLUtil;
import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.counters.Counters;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class LdapAuthenticatorTest {
    private static final String BASE = "dc=example,dc=com";
    private static final String STORE_PASSWORD = "changeit";

    @TempDir
    private Path dir;

    private final Counters counters = new Counters();
    private final GuessingGuard guard = new GuessingGuard(
            new GuessingGuard.Limits(0, 1, 1, 0, 0, 16, true), System::nanoTime, counters, line -> {});
    private final WorkerPool workers = new WorkerPool("test", 2, 100, guard, counters);
    /** What the directory answers to users who bind; success for what it finds itself. */
    private volatile ResultCode bindAnswer = ResultCode.SUCCESS;

    private volatile boolean isHiding;
    private String readersPassword = "reader's";
    private InMemoryDirectoryServer server;
    private LdapAuthenticator ldap;

    private void serve(final InMemoryListenerConfig listener) throws Exception {
        final InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
        config.setListenerConfigs(listener);
        config.setSchema(null);
        config.addInMemoryOperationInterceptor(new InMemoryOperationInterceptor() {
            @Override
            public void processSimpleBindRequest(final InMemoryInterceptedSimpleBindRequest request)
                    throws LDAPException {
                final boolean isUser = request.getRequest().getBindDN().startsWith("uid=");
                if (isUser && !bindAnswer.equals(ResultCode.SUCCESS)) {
                    throw new LDAPException(bindAnswer);
                }
            }

            @Override
            public void processSearchEntry(final InMemoryInterceptedSearchEntry entry) {
                if (isHiding) {
                    entry.setSearchEntry(null);
                }
            }
        });
        config.addAdditionalBindCredentials("cn=reader", "reader's");
        server = new InMemoryDirectoryServer(config);
        server.add("dn: " + BASE, "objectClass: top", "objectClass: domain", "dc: example");
        for (final String unit : new String[] {"people", "groups", "secret"}) {
            server.add("dn: ou=" + unit + "," + BASE, "objectClass: organizationalUnit", "ou: " + unit);
        }
        user("uid=bob,ou=people," + BASE, "bob", "bob's");
        user("uid=Two Words,ou=people," + BASE, "Two Words", "two's");
        user("uid=a\\2cou\\3dsecret,ou=people," + BASE, "a,ou=secret", "comma's");
        user("uid=a,ou=secret,ou=people," + BASE, "a", "hidden");
        group("writers", "uid=bob,ou=people," + BASE);
        group("others", "uid=alice,ou=people," + BASE);
        server.startListening();
    }

    private void user(final String dn, final String uid, final String password) throws Exception {
        if (dn.contains(",ou=secret,")) {
            server.add("dn: ou=secret,ou=people," + BASE, "objectClass: organizationalUnit", "ou: secret");
        }
        server.add("dn: " + dn, "objectClass: person", "uid: " + uid, "userPassword: " + password);
    }

    private void group(final String name, final String member) throws Exception {
        server.add(
                "dn: cn=" + name + ",ou=groups," + BASE,
                "objectClass: groupOfNames",
                "cn: " + name,
                "member: " + member);
    }

    private LdapAuthenticator authenticator(final String url, final boolean startTls, final SSLContext tls)
            throws Exception {
        ldap = new LdapAuthenticator(
                new LdapAuthenticator.Options(
                        new LDAPURL(url),
                        startTls,
                        "uid={username},ou=people," + BASE,
                        "cn=reader",
                        readersPassword,
                        "ou=groups," + BASE,
                        "(member={dn})",
                        "cn",
                        2,
                        TimeUnit.SECONDS.toNanos(10)),
                tls,
                workers);
        return ldap;
    }

    private LdapAuthenticator plain() throws Exception {
        serve(InMemoryListenerConfig.createLDAPConfig("ldap", InetAddress.getLoopbackAddress(), 0, null));
        return authenticator("ldap://127.0.0.1:" + server.getListenPort(), false, TrustedServers.tls(null));
    }

    @AfterEach
    void stop() {
        if (ldap != null) {
            ldap.close();
        }
        if (server != null) {
            server.shutDown(true);
        }
        workers.close();
    }

    @Test
    void shouldBindAsTheUserAndFindItsGroups() throws Exception {
        plain();
        for (int i = 0; i < 5; i++) {
            assertEquals(
                    AuthVerdict.accept("bob", Set.of("writers"), AuthVerdict.NEVER), ask(ldap, client("bob", "bob's")));
            assertEquals(0x86, ask(ldap, client("bob", "wrong")).reasonCode());
            assertEquals(0x86, ask(ldap, client("nobody", "bob's")).reasonCode());
        }
        assertEquals(AuthVerdict.Kind.PASSED, ask(ldap, client("bob", null)).kind());
        assertEquals(AuthVerdict.Kind.PASSED, ask(ldap, client(null, "bob's")).kind());
    }

    @Test
    void shouldNotTakeAnEmptyPasswordForABind() throws Exception {
        plain();
        assertEquals(0x86, ask(ldap, client("bob", "")).reasonCode());
        assertEquals(0x86, ask(ldap, client("", "x")).reasonCode());
    }

    @Test
    void shouldKeepNamesNames() throws Exception {
        plain();
        assertTrue(ask(ldap, client("a,ou=secret", "comma's")).isAccepted());
        assertEquals(0x86, ask(ldap, client("a,ou=secret", "hidden")).reasonCode());
        assertEquals(0x86, ask(ldap, client("bob)(uid=*", "bob's")).reasonCode());
        assertEquals(0x86, ask(ldap, client("bob+cn=x", "bob's")).reasonCode());
        assertEquals(0x86, ask(ldap, client("#626f62", "bob's")).reasonCode());
        assertEquals(0x86, ask(ldap, client("bo\\62", "bob's")).reasonCode());
    }

    /** Whoever has other names for one user gets around what is said of that user in bans and the ACL. */
    @Test
    void shouldTakeAUserUnderNoOtherNameThanTheDirectoryHas() throws Exception {
        plain();
        for (final String name : List.of("BOB", "Bob", "bob ", " bob", "boB")) {
            refuses(0x86, ldap, client(name, "bob's"));
        }
        for (final String name : List.of("two words", "Two  Words", "Two Words ")) {
            refuses(0x86, ldap, client(name, "two's"));
        }
        refuses(0x86, ldap, client("A,OU=secret", "comma's"));
        assertEquals("Two Words", ask(ldap, client("Two Words", "two's")).username());
        assertEquals("a,ou=secret", ask(ldap, client("a,ou=secret", "comma's")).username());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "uid={username},ou=people         | bob | UID=bob,OU=People                 | true",
                "uid={username},ou=people         | bob | userid=bob,ou=people              | true",
                "uid={username},ou=people         | bob | uid=Bob,ou=people                 | false",
                "uid={username},ou=people         | bob | uid=bob,ou=more,ou=people         | false",
                "uid=dev-{username},ou=people     | bob | uid=dev-bob,ou=people             | true",
                "uid=dev-{username},ou=people     | bob | uid=DEV-bob,ou=people             | false",
                "cn=device,ou={username}          | bob | cn=Device,ou=bob                  | true",
                "cn=device,ou={username}          | bob | cn=device,ou=BOB                  | false",
                "uid={username}+o={username}      | bob | o=bob+uid=bob                     | true",
                "uid={username}+o={username}      | bob | o=BOB+uid=bob                     | false",
                "uid={username}+o={username}      | bob | l=bob+uid=bob                     | false",
            })
    void shouldKnowTheEntryOfAName(final String template, final String username, final String entry, final boolean isIt)
            throws Exception {
        assertEquals(isIt, LdapNames.isNamed(template, username, new DN(entry)));
    }

    @Test
    void shouldLetNobodyInWhoseEntryIsNotShown() throws Exception {
        plain();
        isHiding = true;
        refuses(0x88, ldap, client("bob", "bob's"));
        refuses(0x86, ldap, client("bob", "wrong"));
    }

    /** The codes that directories have for passwords that they don't take, and for accounts that are closed. */
    @ParameterizedTest
    @ValueSource(ints = {19, 32, 34, 48, 49, 53})
    void shouldTakeWhatADirectoryRefusesForAWrongPassword(final int code) throws Exception {
        plain();
        bindAnswer = ResultCode.valueOf(code);
        refuses(0x86, ldap, client("bob", "bob's"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 51, 52, 80})
    void shouldFailForAnyOtherAnswer(final int code) throws Exception {
        plain();
        bindAnswer = ResultCode.valueOf(code);
        assertThrows(CompletionException.class, () -> ask(ldap, client("bob", "bob's")));
        bindAnswer = ResultCode.SUCCESS;
        assertTrue(ask(ldap, client("bob", "bob's")).isAccepted());
    }

    @Test
    void shouldFailWhenItsOwnPasswordIsWrong() throws Exception {
        readersPassword = "old";
        plain();
        assertThrows(CompletionException.class, () -> ask(ldap, client("bob", "bob's")));
    }

    @Test
    void shouldConnectAgainWhenTheDirectoryHasClosedTheConnection() throws Exception {
        plain();
        for (int i = 0; i < 5; i++) {
            assertTrue(ask(ldap, client("bob", "bob's")).isAccepted());
            server.closeAllConnections(false);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a,b=c", "a+b=c", " a ", "#a", "a\\", "\"a\"", "<a>;", "a\u0000b", "ä=ü", "a/b", "  "})
    void shouldMakeOnePartOfAnyName(final String name) throws Exception {
        assertEquals(
                name.replaceAll(" +", " ").strip(),
                LdapNames.dn("uid={username},ou=people", name)
                        .getRDNs()[0]
                        .getAttributeValues()[0]
                        .replaceAll(" +", " ")
                        .strip());
    }

    @Test
    void shouldFailWhenTheDirectoryIsNotThere() throws Exception {
        plain();
        assertTrue(ask(ldap, client("bob", "bob's")).isAccepted());
        server.shutDown(true);
        assertThrows(CompletionException.class, () -> ask(ldap, client("bob", "bob's")));
        server.startListening();
        final LdapAuthenticator again =
                authenticator("ldap://127.0.0.1:" + server.getListenPort(), false, TrustedServers.tls(null));
        assertTrue(ask(again, client("bob", "bob's")).isAccepted());
    }

    /** A key store with a certificate of its own for a name, and that certificate beside it. */
    private SSLUtil certificate(final String host) throws Exception {
        final Path store = dir.resolve(host + ".p12");
        final String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        run(
                keytool,
                "-genkeypair",
                "-alias",
                "k",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + host,
                "-ext",
                "san=dns:" + host,
                "-keystore",
                store.toString(),
                "-storepass",
                STORE_PASSWORD);
        run(
                keytool,
                "-exportcert",
                "-rfc",
                "-alias",
                "k",
                "-keystore",
                store.toString(),
                "-storepass",
                STORE_PASSWORD,
                "-file",
                dir.resolve(host + ".pem").toString());
        return new SSLUtil(new KeyStoreKeyManager(store.toFile(), STORE_PASSWORD.toCharArray(), "PKCS12", "k"), null);
    }

    private static void run(final String... command) throws Exception {
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    }

    @Test
    void shouldTalkToLdapsServersThatAreWhoTheySay() throws Exception {
        for (final String name : new String[] {"localhost", "elsewhere.example"}) {
            final SSLUtil ssl = certificate(name);
            serve(InMemoryListenerConfig.createLDAPSConfig(
                    "ldaps",
                    InetAddress.getLoopbackAddress(),
                    0,
                    ssl.createSSLServerSocketFactory(),
                    ssl.createSSLSocketFactory()));
            final String url = "ldaps://localhost:" + server.getListenPort();
            final SSLContext tls = TrustedServers.tls(dir.resolve(name + ".pem"));
            if (name.equals("localhost")) {
                assertTrue(ask(authenticator(url, false, tls), client("bob", "bob's"))
                        .isAccepted());
                ldap.close();
                final LdapAuthenticator trusting = authenticator(url, false, TrustedServers.tls(null));
                assertThrows(CompletionException.class, () -> ask(trusting, client("bob", "bob's")));
            } else {
                final LdapAuthenticator other = authenticator(url, false, tls);
                assertThrows(CompletionException.class, () -> ask(other, client("bob", "bob's")), "another host");
            }
            stopServer();
        }
    }

    @Test
    void shouldEncryptWithStartTls() throws Exception {
        for (final String name : new String[] {"localhost", "elsewhere.example"}) {
            final SSLUtil ssl = certificate(name);
            serve(InMemoryListenerConfig.createLDAPConfig(
                    "ldap", InetAddress.getLoopbackAddress(), 0, ssl.createSSLSocketFactory()));
            final LdapAuthenticator encrypted = authenticator(
                    "ldap://localhost:" + server.getListenPort(), true, TrustedServers.tls(dir.resolve(name + ".pem")));
            if (name.equals("localhost")) {
                assertTrue(ask(encrypted, client("bob", "bob's")).isAccepted());
            } else {
                assertThrows(CompletionException.class, () -> ask(encrypted, client("bob", "bob's")), "another host");
            }
            stopServer();
        }
    }

    private void stopServer() {
        ldap.close();
        server.shutDown(true);
    }

    @Test
    void shouldNotReadCertificatesFromWhatHasNone() throws Exception {
        final Path file = Files.writeString(dir.resolve("ca.pem"), "");
        assertThrows(Exception.class, () -> TrustedServers.tls(file));
    }
}
