package io.ringmain.engine.io;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.ring.RingPoller;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.ConnectEncoder;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** One agent reads a CONNECT and lets the agent that owns the session go on, which looks for work meanwhile. */
@JCStressTest
@Outcome(
        id = "1, 1, 1",
        expect = ACCEPTABLE,
        desc = "the second agent has the connection, and the CONNECT is in the ring")
@Outcome(expect = FORBIDDEN, desc = "both have it, or none, or the CONNECT is lost or torn")
@State
public class HandOverStress {
    private static final int AGENTS = 2;
    private static final ByteBuffer CONNECT = connectOf(AGENTS - 1);

    private final IoContext context = QuietNetwork.context();
    private final SlotRing ring = context.ring;
    private final RingPoller poller = ring.newPoller();
    private final QuietNetwork[] networks = {new QuietNetwork(), new QuietNetwork()};
    private final IoAgent[] agents = {
        QuietNetwork.agent(context, 0, AGENTS, networks[0]), QuietNetwork.agent(context, 1, AGENTS, networks[1])
    };
    private final QuietNetwork.Client client = new QuietNetwork.Client(CONNECT.duplicate());
    private int connects;

    public HandOverStress() {
        ring.addGatingSequences(poller.sequence());
        for (final IoAgent agent : agents) {
            agent.peers(agents);
        }
        networks[0].connect(agents[0], client);
    }

    /** A CONNECT of a client whose session belongs to this lane. */
    private static ByteBuffer connectOf(final int lane) {
        String clientId = "c";
        while (ConnectHandler.laneOf(new UnsafeBuffer(clientId.getBytes()), AGENTS) != lane) {
            clientId += "c";
        }
        final ByteBuffer packet = ByteBuffer.allocate(64);
        final int length = new ConnectEncoder()
                .wrap(new UnsafeBuffer(packet), 0, ProtocolVersion.V3_1_1)
                .clientId(clientId)
                .finish();
        return packet.limit(length);
    }

    @Actor
    public void first() {
        agents[0].pollTransport(0);
    }

    @Actor
    public void second() {
        networks[1].pollUntilWoken(agents[1], 0);
    }

    @Arbiter
    public void look(final III_Result result) {
        agents[1].pollTransport(0);
        try {
            poller.poll(this::count);
        } catch (final Exception ex) {
            throw new IllegalStateException(ex);
        }
        result.r1 = connects;
        result.r2 = client.isOf(networks[1]) ? 1 : 0;
        result.r3 = context.admission.openCount();
    }

    private boolean count(final int offset, final int length) {
        connects += EventHeader.type(ring.buffer(), offset) == EventType.CONNECT ? 1 : AGENTS;
        return true;
    }
}
