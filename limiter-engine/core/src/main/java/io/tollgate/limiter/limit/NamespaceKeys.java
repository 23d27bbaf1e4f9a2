package io.tollgate.limiter.limit;

/**
 * Makes the keys of one namespace of one realm; what both add to the hash is computed once.
 *
 * <p>Immutable and safe for use by any number of threads.
 */
public final class NamespaceKeys {

  /** What follows realm and namespace in the hash: three kinds of tuples that never meet. */
  private static final int SHARED = 0;

  private static final int OWN = 1;
  private static final int OWNED = 2;

  private final KeyHasher hasher;
  private final Realm realm;
  private final String namespace;
  private final SipHash own;
  private final String sharedOwner;

  NamespaceKeys(KeyHasher hasher, Realm realm, String namespace) {
    this.hasher = hasher;
    this.realm = realm;
    this.namespace = namespace;
    this.own = begin(OWN);
    own.align();
    this.sharedOwner = "namespace " + namespace;
  }

  private SipHash begin(int kind) {
    SipHash hash = hasher.begin();
    hash.putField(realm.id());
    hash.putField(namespace);
    hash.putByte(kind);
    return hash;
  }

  /** Whether these are the keys of this hasher, realm and namespace. */
  public boolean are(KeyHasher ofHasher, Realm ofRealm, String ofNamespace) {
    return hasher.equals(ofHasher) && realm.equals(ofRealm) && namespace.equals(ofNamespace);
  }

  /**
   * The key of what one identifier uses, before any limit is named.
   *
   * @param owner whose state changes in one step
   * @param identifier who is limited
   */
  public LimitKey key(String owner, String identifier) {
    SipHash hash;
    if (owner.equals(identifier)) {
      hash = new SipHash(own);
    } else {
      hash = begin(OWNED);
      hash.putField(owner);
      hash.align();
    }
    hash.putText(identifier);
    return KeyHasher.finish(hash);
  }

  /** The owner of what everybody uses together: the namespace owns itself. */
  public String sharedOwner() {
    return sharedOwner;
  }

  /** The key of what everybody uses together. */
  public LimitKey sharedKey() {
    return KeyHasher.finish(begin(SHARED));
  }
}
