package io.tollgate.limiter.algorithm;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Numbers the distinct kernels of this process, so that a cell names its kernel in 22 bits.
 *
 * <p>Kernels are values: interning them changes nothing but their identity. None is forgotten; the
 * bound is far above what configuration makes, and past it a new limit is refused.
 */
final class KernelTable {

  /** Bits for a kernel's number in a cell: two words of 64, each holding a number below 2^53. */
  static final int BITS = 22;

  private static final int MOST = (1 << BITS) - 1;

  private static final Map<Kernel, Kernel> INTERNED = new HashMap<>();
  private static volatile Kernel[] byNumber = new Kernel[64];

  private KernelTable() {}

  static synchronized Kernel intern(Kernel kernel) {
    Kernel present = INTERNED.get(kernel);
    if (present != null) {
      return present;
    }
    int number = INTERNED.size() + 1;
    if (number > MOST) {
      throw new InvalidLimitException(
          "limit", "more than " + MOST + " different limits were configured", "restart the server");
    }
    Kernel[] table = byNumber;
    if (number >= table.length) {
      table = Arrays.copyOf(table, 2 * table.length);
    }
    kernel.number(number);
    table[number] = kernel;
    INTERNED.put(kernel, kernel);
    byNumber = table;
    return kernel;
  }

  static Kernel byNumber(int number) {
    return byNumber[number];
  }
}
