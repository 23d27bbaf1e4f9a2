package io.tollgate.limiter.testing;

import io.tollgate.limiter.algorithm.Algorithm;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Provide;

/** A test whose properties ask for {@link Algorithms} by name. */
public abstract class WithAlgorithms {

  /** For subclasses. */
  protected WithAlgorithms() {}

  @Provide
  protected final Arbitrary<Algorithm> all() {
    return Algorithms.all();
  }

  @Provide
  protected final Arbitrary<Algorithm> buckets() {
    return Algorithms.buckets();
  }

  @Provide
  protected final Arbitrary<Algorithm> queues() {
    return Algorithms.queues();
  }

  @Provide
  protected final Arbitrary<Algorithm> windows() {
    return Algorithms.windows();
  }
}
