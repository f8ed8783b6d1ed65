package io.ringmain.engine.auth;

import org.agrona.DirectBuffer;

/**
 * What the rules of some sections say of one client. The rules are shared by all clients; only the names that stand for
 * {@code %c} and {@code %u} are its own.
 */
final class AclPermissions implements Permissions {
    private final AclTree[] sections;
    private final AclSubject subject;

    /** @param sections not to be changed. */
    AclPermissions(final AclTree[] sections, final AclSubject subject) {
        this.sections = sections;
        this.subject = subject;
    }

    @Override
    public boolean mayPublish(final DirectBuffer topic, final int offset, final int length) {
        return (access(topic, offset, length) & (AclRule.WRITE | AclRule.DENY)) == AclRule.WRITE;
    }

    @Override
    public boolean mayReceive(final DirectBuffer topic, final int offset, final int length) {
        return (access(topic, offset, length) & (AclRule.READ | AclRule.DENY)) == AclRule.READ;
    }

    private int access(final DirectBuffer topic, final int offset, final int length) {
        int access = 0;
        for (final AclTree section : sections) {
            access |= section.match(topic, offset, length, subject);
        }
        return access;
    }

    @Override
    public boolean maySubscribe(final DirectBuffer filter, final int offset, final int length) {
        boolean readable = false;
        for (final AclTree section : sections) {
            if (section.covers(filter, offset, length, subject, AclRule.DENY)) {
                return false;
            }
            readable = readable || section.meets(filter, offset, length, subject, AclRule.READ);
        }
        return readable;
    }

    @Override
    public boolean mayShare(final DirectBuffer filter, final int offset, final int length) {
        boolean covered = false;
        for (final AclTree section : sections) {
            if (section.meets(filter, offset, length, subject, AclRule.DENY)) {
                return false;
            }
            covered = covered || section.covers(filter, offset, length, subject, AclRule.READ);
        }
        return covered;
    }
}
