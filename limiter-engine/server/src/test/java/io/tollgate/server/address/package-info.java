/** Addresses, blocks of them, and the way through proxies to a client. */
@NullMarked
package io.tollgate.server.address;

import org.jspecify.annotations.NullMarked;
