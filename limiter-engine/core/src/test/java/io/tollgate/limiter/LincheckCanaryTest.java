package io.tollgate.limiter;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * Shows that Lincheck still sees races on this JDK. With an ASM that cannot read the JDK's classes
 * it logs, checks one schedule only, and every linearizability test passes for nothing.
 */
class LincheckCanaryTest {
  /** A counter that loses updates. */
  public static final class Racy {
    private int value;

    /** Reads and writes without a lock. */
    @Operation
    public int increment() {
      return ++value;
    }
  }

  @Test
  void modelCheckingFindsALostUpdate() {
    ModelCheckingOptions options =
        new ModelCheckingOptions()
            .iterations(10)
            .invocationsPerIteration(100)
            .threads(2)
            .actorsPerThread(2);
    assertThrows(LincheckAssertionError.class, () -> options.check(Racy.class));
  }
}
