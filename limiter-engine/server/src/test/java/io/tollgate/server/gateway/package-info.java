/**
 * The real server behind real proxies, by the files of {@code integrations/}.
 *
 * <p>Owns the processes of the proxies and what stands around them. Does not own what the doors
 * answer: that is tested beside them.
 */
@NullMarked
package io.tollgate.server.gateway;

import org.jspecify.annotations.NullMarked;
