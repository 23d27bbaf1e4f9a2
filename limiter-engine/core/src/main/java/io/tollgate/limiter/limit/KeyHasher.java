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

  /** Where the keys of one namespace of one realm begin. */
  public NamespaceKeys keys(Realm realm, String namespace) {
    return new NamespaceKeys(this, realm, namespace);
  }

  /** A 128-bit hash of a text under the seed, apart from every counter's key. */
  public LimitKey textKey(String kind, String text) {
    SipHash hash = new SipHash(~seed0, seed1);
    hash.putField(kind);
    hash.putField(text);
    return finish(hash);
  }

  SipHash begin() {
    return new SipHash(seed0, seed1);
  }

  static LimitKey finish(SipHash hash) {
    hash.finish();
    return new LimitKey(hash.high() == 0 ? 1 : hash.high(), hash.low());
  }
}
