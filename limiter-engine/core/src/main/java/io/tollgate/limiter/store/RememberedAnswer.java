package io.tollgate.limiter.store;

import io.tollgate.limiter.limit.Limit;
import java.util.Arrays;

/** The first answer to a question that was asked under an idempotency key. */
final class RememberedAnswer {

  /** How long a repeated question gets the first answer. */
  static final long KEPT_MICROS = 60_000_000;

  private final long expiresAtMicros;
  private final long nowMicros;
  private final boolean allowed;
  private final boolean overloaded;
  private final Limit[] limits;
  private final boolean[] admitted;
  private final long[][] numbers;

  RememberedAnswer(CheckBuffer b, long expiresAtMicros) {
    this.expiresAtMicros = expiresAtMicros;
    nowMicros = b.nowMicros;
    allowed = b.allowed;
    overloaded = b.overloaded;
    limits = Arrays.copyOf(b.limits, b.size);
    admitted = Arrays.copyOf(b.admitted, b.size);
    numbers = new long[][] {b.remaining, b.resetAt, b.retryAfter, b.nextUnitAfter, b.delay, b.cost};
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Arrays.copyOf(numbers[i], b.size);
    }
  }

  long expiresAtMicros() {
    return expiresAtMicros;
  }

  long bytes() {
    return bytesFor(limits.length);
  }

  static long bytesFor(int entries) {
    return 400 + 56L * entries;
  }

  /** Writes the answer over whatever a buffer asked. */
  void restore(CheckBuffer b) {
    while (b.limits.length < limits.length) {
      b.size = b.limits.length;
      b.grow();
    }
    int n = limits.length;
    b.size = n;
    b.nowMicros = nowMicros;
    b.allowed = allowed;
    b.overloaded = overloaded;
    System.arraycopy(limits, 0, b.limits, 0, n);
    System.arraycopy(admitted, 0, b.admitted, 0, n);
    long[][] into = {b.remaining, b.resetAt, b.retryAfter, b.nextUnitAfter, b.delay, b.cost};
    for (int i = 0; i < numbers.length; i++) {
      System.arraycopy(numbers[i], 0, into[i], 0, n);
    }
  }
}
