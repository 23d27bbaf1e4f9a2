package io.tollgate.server.config;

import java.util.List;

/**
 * What became of another limiter's configuration.
 *
 * @param yaml a limits file that can be used
 * @param leftOut what it does not say, a line each: place, what, and what to do about it
 * @param notes what somebody should know of it, a line each
 */
public record Imported(String yaml, List<String> leftOut, List<String> notes) {

  /** Copies the lists. */
  public Imported {
    leftOut = List.copyOf(leftOut);
    notes = List.copyOf(notes);
  }
}
