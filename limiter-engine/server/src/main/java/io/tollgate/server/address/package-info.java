/**
 * Addresses of IP: whose they are, and which of those that proxies forward are believed.
 *
 * <p>Owns: addresses as 128 bits, blocks of them, the way from a socket to the client. Does not
 * own: any header of a protocol, or what is done with an address.
 */
@NullMarked
package io.tollgate.server.address;

import org.jspecify.annotations.NullMarked;
