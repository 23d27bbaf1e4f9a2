package io.tollgate.limiter.redis;

import io.tollgate.limiter.algorithm.Kernel;
import io.tollgate.limiter.algorithm.KernelShape;
import java.nio.ByteBuffer;

/** Writes a kernel's numbers as the scripts read and store them. */
final class KernelCodec {

  private KernelCodec() {}

  /** Kind and numbers come as they are stored; what only this limit needs follows. */
  static void put(ByteBuffer out, Kernel kernel, long now) {
    int tick = (int) kernel.tick().micros();
    switch (kernel.shape()) {
      case KernelShape.Debt(long leak, long perUnit, long full) -> {
        out.put((byte) 1).putInt(tick);
        numbers(out, leak, perUnit, full);
      }
      case KernelShape.FixedWindow(long limit, long window, boolean fromFirstCall) -> {
        out.put((byte) (fromFirstCall ? 3 : 2));
        numbers(out, window, 0, limit);
      }
      case KernelShape.Calendar(long limit, long mark, var bounds) -> {
        out.put((byte) 4);
        numbers(out, 0, mark, limit);
        numbers(out, bounds.apply(now));
      }
      case KernelShape.SlidingWindow(long limit, long window) -> {
        out.put((byte) 5).putInt(tick);
        numbers(out, window, limit);
      }
      case KernelShape.SlidingLog(long limit, long window) -> {
        out.put((byte) 6);
        numbers(out, limit, window);
      }
      case KernelShape.Concurrency(long limit) -> {
        out.put((byte) 7);
        numbers(out, limit);
      }
    }
  }

  private static void numbers(ByteBuffer out, long... numbers) {
    for (long number : numbers) {
      Packed.number(out, number);
    }
  }
}
