package io.tollgate.limiter.catalog;

import io.tollgate.limiter.algorithm.InvalidLimitException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Other numbers for one identifier, or for all that match a glob.
 *
 * @param identifier an identifier of 1 to 512 bytes; {@code *} stands for any run of characters
 * @param limits what becomes of each limit, by name; a limit not named stays as it is
 */
public record OverrideSpec(String identifier, Map<String, LimitOverride> limits) {

  private static final int MOST_BYTES = 512;

  /** Validates the identifier's length. */
  public OverrideSpec {
    int bytes = identifier.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > MOST_BYTES) {
      throw new InvalidLimitException(
          "identifier", "has " + bytes + " bytes", "use 1 to " + MOST_BYTES);
    }
    limits = Map.copyOf(limits);
  }
}
