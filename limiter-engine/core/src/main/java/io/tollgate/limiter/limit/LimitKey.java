package io.tollgate.limiter.limit;

/**
 * The key of one counter: the seeded 128-bit hash of realm, owner, what is counted, and the limit's
 * name.
 *
 * <p>Made by {@link NamespaceKeys} of a {@link KeyHasher}, which ask for a realm and an owner; so
 * two tenants' counters cannot meet, and nobody without the seed can make two keys collide on
 * purpose.
 *
 * @param high the upper half, never 0
 * @param low the lower half
 */
public record LimitKey(long high, long low) {

  /** Validates that the upper half, which marks a used cell, is not 0. */
  public LimitKey {
    if (high == 0) {
      throw new IllegalArgumentException("the upper half of a key is 0");
    }
  }
}
