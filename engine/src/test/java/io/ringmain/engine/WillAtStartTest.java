package io.ringmain.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmain.engine.auth.Acl;
import io.ringmain.engine.auth.AclException;
import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Authorizer;
import io.ringmain.engine.core.CoreLimits;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.io.Bans;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.journal.Durability;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Wills that a start would publish, of clients whose rights are others than when the broker ended. */
@Timeout(60)
class WillAtStartTest {
    private static final String WATCHER = "10 0f 0004 4d515454 04 02 003c 0003 656e64";
    private static final String CONNACK = "20 02 00 00";

    @TempDir
    private Path dir;

    private BrokerContext context;

    private static Acl acl(final String... lines) throws AclException {
        return Acl.parse(String.join("\n", lines), Acl.MAX_RULES);
    }

    private RunningBroker start(
            final Durability durability, final int owners, final Authorizer authorizer, final Bans bans) {
        context = new BrokerContext()
                .dataDir(dir)
                .segmentBytes(8 << 20)
                .listeners(List.of(new ListenerConfig("test", new InetSocketAddress("127.0.0.1", 0))))
                .threadingMode(ThreadingMode.SHARED)
                .durability(durability)
                .coreLimits(new CoreLimits().takeoverByOtherUser(owners))
                .authenticator(client -> CompletableFuture.completedFuture(AuthVerdict.accept(
                        client.username(),
                        "dora".equals(client.username()) ? Set.of("operator") : Set.of(),
                        AuthVerdict.NEVER)))
                .authorizer(authorizer)
                .bans(bans);
        return new RunningBroker(context);
    }

    /** MQTT 3.1.1, clean session, with a retained will to "w/" and its name, and the name as client id and user. */
    private static HexClient connect(final RunningBroker broker, final String user) throws IOException {
        final String name = HexFormat.of().formatHex(user.getBytes(StandardCharsets.US_ASCII));
        return new HexClient(broker.port())
                .send("10 21 0004 4d515454 04 a6 003c 0004" + name + "0006 772f" + name + "0001 78 0004" + name)
                .expect(CONNACK);
    }

    /** The only retained message below "w" is this one, and none comes to who subscribes later. */
    private static void assertPublished(final RunningBroker broker, final String retained) throws IOException {
        try (HexClient watcher = new HexClient(broker.port())) {
            watcher.send(WATCHER).expect(CONNACK);
            watcher.send("82 08 0001 0003 772f23 00").expect("90 03 0001 00" + retained);
            watcher.send("30 06 0003 772f7a 79").expect("30 06 0003 772f7a 79");
        }
    }

    private void restartWithOtherRights(final Durability durability) throws Exception {
        final RunningBroker before = start(durability, CoreLimits.REFUSE, acl("pattern readwrite #"), Bans.NONE);
        for (final String user : List.of("anna", "bert", "carl", "dora")) {
            // Not closed: they are there when the broker ends.
            connect(before, user);
        }
        before.close();
        final Acl now =
                acl("topic w/#", "user bert", "topic w/#", "user carl", "topic w/#", "role operator", "topic w/#");
        try (RunningBroker after =
                start(durability, CoreLimits.REFUSE, now, Bans.parse("bans", List.of("user bert")))) {
            assertPublished(after, "31 09 0006 772f6361726c 78");
            // Anna has no right any more, Bert may not come, and nobody can tell whether Dora still has her role.
            assertEquals(3, context.counters().get(CounterId.DROPPED_WILL_ACL));
        }
        // Giving the rights back doesn't give the wills back.
        try (RunningBroker later = start(durability, CoreLimits.REFUSE, acl("pattern readwrite #"), Bans.NONE)) {
            assertPublished(later, "31 09 0006 772f6361726c 78");
        }
    }

    @Test
    void shouldPublishOnlyWhatTheRightsOfTheStartAllow() throws Exception {
        restartWithOtherRights(Durability.APPEND);
    }

    @Test
    void shouldDoSoWhereEachEventIsForced() throws Exception {
        restartWithOtherRights(Durability.SYNC);
    }

    @Test
    void shouldDropAWillWhenItIsNotKnownWhoseItIs() throws Exception {
        final RunningBroker before =
                start(Durability.APPEND, CoreLimits.NO_OWNERS, acl("pattern readwrite #"), Bans.NONE);
        connect(before, "anna");
        before.close();
        try (RunningBroker after = start(Durability.APPEND, CoreLimits.REFUSE, acl("pattern readwrite #"), Bans.NONE)) {
            assertPublished(after, "");
        }
    }

    @Test
    void shouldAskNobodyWithoutAList() throws Exception {
        final RunningBroker before = start(Durability.APPEND, CoreLimits.NO_OWNERS, Authorizer.ALLOW_ALL, Bans.NONE);
        connect(before, "anna");
        before.close();
        try (RunningBroker after = start(Durability.APPEND, CoreLimits.REFUSE, Authorizer.ALLOW_ALL, Bans.NONE)) {
            assertPublished(after, "31 09 0006 772f616e6e61 78");
        }
    }
}
