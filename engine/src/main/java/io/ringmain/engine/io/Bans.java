package io.ringmain.engine.io;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who may not connect, whatever they know: addresses, client ids, user names. Immutable.
 *
 * <pre>
 *  # a comment
 *  192.0.2.7
 *  2001:db8::/32
 *  client press 07
 *  user mallory
 * </pre>
 *
 * @param clients ids.
 * @param users names, as they are given and as they were found to be.
 */
public record Bans(AddressSet addresses, Set<String> clients, Set<String> users) {
    /** Nobody. */
    public static final Bans NONE = new Bans(AddressSet.NONE, Set.of(), Set.of());

    private static final String CLIENT = "client ";
    private static final String USER = "user ";

    public Bans {
        clients = Set.copyOf(clients);
        users = Set.copyOf(users);
    }

    /**
     * Reads the lines of a file. A client id or a user name is all that stands behind the word and the space.
     *
     * @param file for messages.
     * @throws IllegalArgumentException with a line of {@code file:line:column: fault} for each wrong one.
     */
    public static Bans parse(final String file, final List<String> lines) {
        final List<String> faults = new ArrayList<>();
        final List<String> addresses = new ArrayList<>();
        final Set<String> clients = new HashSet<>();
        final Set<String> users = new HashSet<>();
        for (int i = 0; i < lines.size(); i++) {
            final String line = lines.get(i).strip();
            try {
                if (line.startsWith(CLIENT)) {
                    clients.add(line.substring(CLIENT.length()));
                } else if (line.startsWith(USER)) {
                    users.add(line.substring(USER.length()));
                } else if (!line.isEmpty() && line.charAt(0) != '#') {
                    AddressSet.parse(List.of(line));
                    addresses.add(line);
                }
            } catch (final IllegalArgumentException ex) {
                final int column = lines.get(i).indexOf(line) + 1;
                faults.add(file + ":" + (i + 1) + ":" + column + ": " + ex.getMessage()
                        + ", or 'client ID', or 'user NAME'");
            }
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", faults));
        }
        return new Bans(AddressSet.parse(addresses), clients, users);
    }

    /** @param address null if it is none that could be banned. */
    boolean hasAddress(final InetAddress address) {
        return addresses.contains(address);
    }

    /** @param username null if there is none. */
    public boolean hasClient(final String clientId, final String username) {
        return clients.contains(clientId) || username != null && users.contains(username);
    }
}
