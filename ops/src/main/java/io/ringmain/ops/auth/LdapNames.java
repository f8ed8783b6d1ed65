package io.ringmain.ops.auth;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.ResultCode;

/** Puts the names of clients into DNs and filters, where they stay names. */
final class LdapNames {
    static final String USERNAME = "{username}";
    static final String DN_OF_USER = "{dn}";

    /** Stands for the user name in a DN; no template has it. */
    private static final String PLACE = "\uE000";

    private static final String SPECIAL = ",+\"\\<>;=#/";

    private LdapNames() {}

    /**
     * The DN of a user.
     *
     * @param template with {@code {username}} in it.
     * @throws LDAPException if that isn't a DN with as many parts as the template.
     */
    static DN dn(final String template, final String username) throws LDAPException {
        final DN dn = new DN(template.replace(USERNAME, escaped(username)));
        if (dn.getRDNs().length != new DN(template.replace(USERNAME, "x")).getRDNs().length) {
            throw new LDAPException(ResultCode.INVALID_DN_SYNTAX, "not one name");
        }
        return dn;
    }

    /**
     * Whether an entry is called as its user says, letter by letter: to a directory, names are often the same in capitals
     * or with more blanks.
     *
     * @param own DN of the entry, as the directory writes it.
     */
    static boolean isNamed(final String template, final String username, final DN own) throws LDAPException {
        final RDN[] wanted = new DN(template.replace(USERNAME, PLACE)).getRDNs();
        final RDN[] found = own.getRDNs();
        if (wanted.length != found.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            final String[] names = wanted[i].getAttributeNames();
            final String[] values = wanted[i].getAttributeValues();
            for (int j = 0; j < values.length; j++) {
                final String value = values[j].replace(PLACE, username);
                if (values[j].contains(PLACE) && !value.equals(valueOf(found[i], names[j]))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Null if there is no such attribute; a single one may be called by another of its names. */
    private static String valueOf(final RDN rdn, final String name) {
        final String[] names = rdn.getAttributeNames();
        for (int i = 0; i < names.length; i++) {
            if (names.length == 1 || names[i].equalsIgnoreCase(name)) {
                return rdn.getAttributeValues()[i];
            }
        }
        return null;
    }

    /** RFC 4514, section 2.4: whatever means something is written as its bytes. */
    static String escaped(final String value) {
        final StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            final char c = value.charAt(i);
            final boolean isOuterSpace = c == ' ' && (i == 0 || i == value.length() - 1);
            if (c < ' ' || c == 0x7F || isOuterSpace || SPECIAL.indexOf(c) >= 0) {
                escaped.append(String.format("\\%02x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** The filter for the groups of a user. */
    static Filter filter(final String template, final String username, final DN dn) throws LDAPException {
        return Filter.create(template.replace(USERNAME, Filter.encodeValue(username))
                .replace(DN_OF_USER, Filter.encodeValue(dn.toString())));
    }
}
