/**
 * What the server counts about itself, and how Prometheus reads it.
 *
 * <p>Owns: the counters that event loops raise, names and labels of all metrics, the text of a
 * scrape. Does not own: when something is counted and who may read it, which is the door's affair;
 * what a check has consumed, which is the store's.
 *
 * <p>Words: a <i>loop</i> is an event loop, the only writer of its counters; a <i>scrape</i> is one
 * reading of all of them. A label is a word of ours or a configured name, never what a client sent.
 * Durations are nanoseconds of the monotonic clock; Prometheus is told seconds.
 */
@NullMarked
package io.tollgate.server.metrics;

import org.jspecify.annotations.NullMarked;
