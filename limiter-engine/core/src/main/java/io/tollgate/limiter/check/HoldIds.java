package io.tollgate.limiter.check;

import io.tollgate.limiter.algorithm.HoldId;
import java.security.SecureRandom;

/** Makes the ids of leases and reservations. */
@FunctionalInterface
public interface HoldIds {

  /** An id never given before. */
  HoldId next();

  /** 128 bits each of the platform's secure random numbers. */
  static HoldIds secure() {
    SecureRandom random = new SecureRandom();
    return () -> new HoldId(random.nextLong(), random.nextLong());
  }
}
