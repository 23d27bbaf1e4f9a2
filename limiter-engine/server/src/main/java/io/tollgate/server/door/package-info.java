/**
 * What every door has in common: what can be wrong with a call, whom a token opens it for, how many
 * connections there are, which threads carry them.
 *
 * <p>Owns: codes of errors, ids as texts, tokens, the bound on connections. Does not own: any
 * protocol.
 */
@NullMarked
package io.tollgate.server.door;

import org.jspecify.annotations.NullMarked;
