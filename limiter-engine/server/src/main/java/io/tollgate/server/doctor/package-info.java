/**
 * The examination of an installation: what is configured, reachable, old, unsafe.
 *
 * <p>Owns: what is looked at, what counts as a warning and what as wrong, the texts. Does not own:
 * the settings and files themselves, which it reads as a server would, nor how a Redis is looked
 * at. Looks only: it changes nothing on disk and leaves nothing in Redis, prints no secret, and
 * sends none but to the Redis that is to have it. Everything that it waits for has a bound.
 */
@NullMarked
package io.tollgate.server.doctor;

import org.jspecify.annotations.NullMarked;
