package io.ringmain.ops.auth;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPURL;
import com.unboundid.ldap.sdk.PostConnectProcessor;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.SingleServerSet;
import com.unboundid.ldap.sdk.StartTLSPostConnectProcessor;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Authenticator;
import io.ringmain.engine.auth.Credentials;
import io.ringmain.protocol.ReasonCode;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * Has a directory check the password, by a simple bind as the user. An empty password isn't shown to it: for a directory
 * that is no proof but a bind as nobody, which succeeds. To most directories {@code bob}, {@code BOB} and {@code " bob"} are
 * the same; here a user has one name, that in the DN of its entry, and others are refused.
 */
final class LdapAuthenticator implements Authenticator, AutoCloseable {
    private static final int MAX_GROUPS = 256;
    private static final int MAX_ATTEMPTS = 2;

    /** Codes that a directory has for passwords and names that it doesn't take; what isn't counted can be tried for ever. */
    private static final Set<ResultCode> WRONG = Set.of(
            ResultCode.INVALID_CREDENTIALS,
            ResultCode.NO_SUCH_OBJECT,
            ResultCode.INVALID_DN_SYNTAX,
            ResultCode.CONSTRAINT_VIOLATION,
            ResultCode.UNWILLING_TO_PERFORM,
            ResultCode.INAPPROPRIATE_AUTHENTICATION);

    /**
     * How the directory is asked.
     *
     * @param url {@code ldaps://host:port}, or {@code ldap://host:port}.
     * @param startTls encrypts what begins in the clear.
     * @param userDn template of the DN of a user.
     * @param bindDn who searches for groups; empty for nobody.
     * @param groupBase where groups are; empty for no search.
     * @param connections at most.
     * @param timeoutNs of each step, nanoseconds.
     */
    record Options(
            LDAPURL url,
            boolean startTls,
            String userDn,
            String bindDn,
            String bindPassword,
            String groupBase,
            String groupFilter,
            String groupAttribute,
            int connections,
            long timeoutNs) {}

    /**
     * What a directory says of one user.
     *
     * @param bind success, or one of those that are wrong.
     * @param own the DN as the directory writes it; null if the user may not read it.
     */
    private record Answer(ResultCode bind, DN own) {}

    private final Options options;
    private final WorkerPool workers;
    private final LDAPConnectionPool pool;

    /** Doesn't connect yet: a directory that is down keeps out its users, and not the broker. */
    LdapAuthenticator(final Options options, final SSLContext tls, final WorkerPool workers) throws LDAPException {
        this.options = options;
        this.workers = workers;
        final int timeoutMs = (int) TimeUnit.NANOSECONDS.toMillis(options.timeoutNs());
        final LDAPConnectionOptions connection = new LDAPConnectionOptions();
        connection.setConnectTimeoutMillis(timeoutMs);
        connection.setResponseTimeoutMillis(timeoutMs);
        connection.setAbandonOnTimeout(true);
        connection.setFollowReferrals(false);
        connection.setUseSynchronousMode(true);
        connection.setSSLSocketVerifier(new HostNameSSLSocketVerifier(true));
        final boolean ldaps = options.url().getScheme().equals("ldaps");
        final SingleServerSet server = ldaps
                ? new SingleServerSet(
                        options.url().getHost(), options.url().getPort(), tls.getSocketFactory(), connection)
                : new SingleServerSet(options.url().getHost(), options.url().getPort(), connection);
        final PostConnectProcessor afterConnect =
                options.startTls() ? new StartTLSPostConnectProcessor(tls.getSocketFactory()) : null;
        final SimpleBindRequest identity =
                options.bindDn().isEmpty() ? null : new SimpleBindRequest(options.bindDn(), options.bindPassword());
        this.pool = new LDAPConnectionPool(server, identity, 0, options.connections(), afterConnect, false);
        pool.setCreateIfNecessary(true);
        pool.setMaxWaitTimeMillis(timeoutMs);
        pool.setRetryFailedOperationsDueToInvalidConnections(true);
        pool.setConnectionPoolName("ringmain-ldap");
    }

    @Override
    public CompletionStage<AuthVerdict> authenticate(final Credentials credentials) {
        if (credentials.username() == null || credentials.password() == null) {
            return CompletableFuture.completedFuture(AuthVerdict.pass());
        }
        return credentials.username().isEmpty() || credentials.password().length == 0
                ? CompletableFuture.completedFuture(
                        AuthVerdict.refuse(ReasonCode.BAD_USER_NAME_OR_PASSWORD, "its user name or password is empty"))
                : workers.submit(credentials, () -> verdict(credentials));
    }

    private AuthVerdict verdict(final Credentials credentials) {
        final String username = credentials.username();
        try {
            final DN dn = LdapNames.dn(options.userDn(), username);
            final Answer answer = ask(dn, credentials.password());
            if (WRONG.contains(answer.bind())) {
                return wrong("the directory refuses it: " + answer.bind().getName());
            }
            if (answer.own() == null) {
                return AuthVerdict.refuse(
                        ReasonCode.SERVER_UNAVAILABLE, "the directory doesn't let the user read its own entry");
            }
            return LdapNames.isNamed(options.userDn(), username, answer.own())
                    ? AuthVerdict.accept(username, groups(username, dn), AuthVerdict.NEVER)
                    : wrong("the directory spells this user in another way");
        } catch (final LDAPException ex) {
            throw new IllegalStateException(
                    "the directory answers " + ex.getResultCode().getName());
        }
    }

    private static AuthVerdict wrong(final String reason) {
        return AuthVerdict.refuse(ReasonCode.BAD_USER_NAME_OR_PASSWORD, reason);
    }

    /** Afterwards the connection is again of whom it was before. */
    private Answer ask(final DN dn, final byte[] password) throws LDAPException {
        LDAPConnection connection = pool.getConnection();
        for (int attempt = 1; ; attempt++) {
            try {
                final Answer answer = ask(connection, dn, password);
                pool.releaseAndReAuthenticateConnection(connection);
                return answer;
            } catch (final LDAPException ex) {
                if (attempt == MAX_ATTEMPTS || !isBroken(ex)) {
                    pool.releaseDefunctConnection(connection);
                    throw ex;
                }
                connection = pool.replaceDefunctConnection(connection);
            }
        }
    }

    /** Directories close what nobody has used for a while. */
    private static boolean isBroken(final LDAPException ex) {
        return !ex.getResultCode().isConnectionUsable() && !ex.getResultCode().equals(ResultCode.TIMEOUT);
    }

    private static Answer ask(final LDAPConnection connection, final DN dn, final byte[] password)
            throws LDAPException {
        try {
            connection.bind(new SimpleBindRequest(dn, password));
        } catch (final LDAPException ex) {
            if (WRONG.contains(ex.getResultCode())) {
                return new Answer(ex.getResultCode(), null);
            }
            throw ex;
        }
        final SearchRequest request = new SearchRequest(
                dn.toString(),
                SearchScope.BASE,
                Filter.createPresenceFilter("objectClass"),
                SearchRequest.NO_ATTRIBUTES);
        final SearchResultEntry entry = connection.searchForEntry(request);
        return new Answer(ResultCode.SUCCESS, entry == null ? null : entry.getParsedDN());
    }

    private Set<String> groups(final String username, final DN dn) throws LDAPException {
        final Set<String> groups = new HashSet<>();
        if (options.groupBase().isEmpty()) {
            return groups;
        }
        final SearchRequest request = new SearchRequest(
                options.groupBase(),
                SearchScope.SUB,
                LdapNames.filter(options.groupFilter(), username, dn),
                options.groupAttribute());
        request.setSizeLimit(MAX_GROUPS);
        for (final SearchResultEntry entry : pool.search(request).getSearchEntries()) {
            final String name = entry.getAttributeValue(options.groupAttribute());
            if (name != null) {
                groups.add(name);
            }
        }
        return groups;
    }

    @Override
    public void close() {
        pool.close();
    }
}
