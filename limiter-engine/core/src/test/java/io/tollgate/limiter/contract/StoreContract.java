package io.tollgate.limiter.contract;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.store.MicroClock;
import io.tollgate.limiter.store.Store;
import io.tollgate.limiter.testing.Scene;
import io.tollgate.limiter.testing.WithAlgorithms;
import java.util.List;

/** The hook by which the contract runs over one kind of store, and what all of it shares. */
public abstract class StoreContract extends WithAlgorithms {

  /** Whose counters a scene asks for, where one is enough. */
  protected static final String USER = "user_123";

  /** Calls of one random walk. */
  protected static final int STEPS = 50;

  /** An empty store on this clock, with room for everything that the contract asks. */
  protected abstract Store newStore(MicroClock clock);

  final Scene scene(Algorithm algorithm) {
    return Scene.of(this::newStore, algorithm);
  }

  final Scene scene(LimitSpec... limits) {
    return new Scene(this::newStore, List.of(Scene.namespace(limits)));
  }

  final Scene scene(NamespaceSpec... namespaces) {
    return new Scene(this::newStore, List.of(namespaces));
  }
}
