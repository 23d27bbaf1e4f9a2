package io.tollgate.server.settings;

import java.nio.file.Path;

/** Where the limits come from. */
public sealed interface LimitsSettings {

  /**
   * A limits file.
   *
   * @param path as it was given
   */
  record File(Path path) implements LimitsSettings {}

  /**
   * No file: one limit for all names, which each identifier has for itself.
   *
   * @param limit checks per window
   * @param windowSeconds the window
   */
  record BuiltIn(long limit, long windowSeconds) implements LimitsSettings {

    /** The window in the core's unit. */
    public long windowMicros() {
      return windowSeconds * 1_000_000;
    }
  }
}
