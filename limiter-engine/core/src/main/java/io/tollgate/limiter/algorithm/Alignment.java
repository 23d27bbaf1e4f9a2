package io.tollgate.limiter.algorithm;

import java.time.ZoneId;

/** Where the windows of a fixed window begin. */
public sealed interface Alignment {

  /** Windows of equal length counted from 1970-01-01T00:00:00Z. */
  record Epoch() implements Alignment {}

  /** Windows of equal length; each begins with the first call after the one before has ended. */
  record FirstCall() implements Alignment {}

  /**
   * Windows of the civil calendar in a time zone; their length follows its clock changes.
   *
   * @param zone the zone whose midnights are the boundaries
   */
  record Calendar(ZoneId zone) implements Alignment {}
}
