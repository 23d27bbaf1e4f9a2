/**
 * The files of {@code integrations/prometheus} and {@code integrations/grafana}, beside a scrape of
 * the real server.
 *
 * <p>Owns how alerts and panels are read and compared. Does not own which metrics there are: docs
 * and scrape are compared beside them.
 */
@NullMarked
package io.tollgate.server.observe;

import org.jspecify.annotations.NullMarked;
