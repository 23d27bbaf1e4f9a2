package io.tollgate.limiter.limit;

/**
 * Makes the keys of all counters under one secret seed.
 *
 * <p>Immutable and safe for use by any number of threads.
 */
public final class KeyHasher {

  private final long seed0;
  private final long seed1;

  /** A hasher under a 128-bit seed; all instances that share a store must share it. */
  public KeyHasher(long seed0, long seed1) {
    this.seed0 = seed0;
    this.seed1 = seed1;
  }

  /**
   * The key of what one owner uses in one namespace, before any limit is named.
   *
   * @param realm what isolates the counters
   * @param owner whose state changes in one step
   * @param namespace what is limited
   * @param counted who is limited
   */
  public LimitKey key(Realm realm, String owner, String namespace, String counted) {
    SipHash hash = new SipHash(seed0, seed1);
    hash.put(realm.id());
    hash.put(namespace);
    hash.put(counted);
    if (!owner.equals(counted)) {
      hash.put(owner);
    }
    hash.finish();
    return new LimitKey(hash.high() == 0 ? 1 : hash.high(), hash.low());
  }

  /** The key of what everybody uses together in one namespace; the namespace owns itself. */
  public LimitKey key(Realm realm, String namespace) {
    SipHash hash = new SipHash(seed0, seed1);
    hash.put(realm.id());
    hash.put(namespace);
    hash.finish();
    return new LimitKey(hash.high() == 0 ? 1 : hash.high(), hash.low());
  }

  /** A 128-bit hash of a text under the seed, apart from every counter's key. */
  public LimitKey textKey(String kind, String text) {
    SipHash hash = new SipHash(~seed0, seed1);
    hash.put(kind);
    hash.put(text);
    hash.finish();
    return new LimitKey(hash.high() == 0 ? 1 : hash.high(), hash.low());
  }
}
