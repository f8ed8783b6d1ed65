package io.ringmain.engine.driver;

import io.ringmain.engine.ring.FetchRecord;
import io.ringmain.storage.log.LogReader;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * Reads messages from the log for the I/O agents, which never wait for a page. Answers every request in its order; when
 * the answer has no room, the request stays where it is until the next cycle.
 */
public final class ColdFetchAgent implements Agent, ControlledMessageHandler, LogReader.RecordHandler {
    private static final int MAX_REQUESTS = 256;

    private final RingBuffer[] requests;
    private final RingBuffer[] answers;
    private final LogReader reader;
    private int lane;
    private long connectionId;
    private boolean answered;

    public ColdFetchAgent(final RingBuffer[] requests, final RingBuffer[] answers, final LogReader reader) {
        this.requests = requests;
        this.answers = answers;
        this.reader = reader;
    }

    @Override
    public String roleName() {
        return "fetch";
    }

    @Override
    public int doWork() {
        int work = 0;
        reader.letGo();
        for (lane = 0; lane < requests.length; lane++) {
            work += requests[lane].controlledRead(this, MAX_REQUESTS);
        }
        return work;
    }

    @Override
    public Action onMessage(final int type, final MutableDirectBuffer buffer, final int index, final int length) {
        connectionId = FetchRecord.connectionId(buffer, index);
        final long position = FetchRecord.position(buffer, index);
        answered = false;
        if (!reader.read(position, this)) {
            answered = answer(FetchRecord.MISSING, position, buffer, 0, 0);
        }
        return answered ? Action.CONTINUE : Action.ABORT;
    }

    @Override
    public boolean onRecord(final long position, final DirectBuffer buffer, final int offset, final int length) {
        answered = answer(FetchRecord.FOUND, position, buffer, offset, length);
        return false;
    }

    private boolean answer(
            final int type, final long position, final DirectBuffer event, final int offset, final int length) {
        final RingBuffer answer = answers[lane];
        final int index = answer.tryClaim(type, FetchRecord.HEADER_LENGTH + length);
        if (index <= 0) {
            return false;
        }
        FetchRecord.write(answer.buffer(), index, connectionId, position);
        answer.buffer().putBytes(index + FetchRecord.HEADER_LENGTH, event, offset, length);
        answer.commit(index);
        return true;
    }

    @Override
    public void onClose() {
        reader.close();
    }
}
