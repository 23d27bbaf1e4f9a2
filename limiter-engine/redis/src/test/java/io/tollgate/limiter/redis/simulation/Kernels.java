package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.algorithm.Kernel;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.LimitKey;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.redis.StepCodec;
import io.tollgate.limiter.store.CheckBuffer;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The kernel that belongs to the numbers of a question, as {@link StepCodec} writes them.
 *
 * <p>Learnt from questions about each limit, so that a model of Redis decides by what stands in a
 * question's bytes and not by what the engine meant.
 */
final class Kernels {

  /** Verb, flags, offset and number of limits. */
  static final int HEAD = 11;

  /** Cost and shadow, before kind and numbers. */
  static final int COST = 8;

  private static final int CALENDAR = 4;
  private static final int MOST_PARTS = 8;

  private final Map<String, Kernel> byNumbers = new HashMap<>();

  /** Kernels of some limits, and of their shares among a few engines. */
  Kernels(List<Limit> limits) {
    limits.forEach(this::learn);
  }

  private void learn(Limit limit) {
    KeyHasher hasher = new KeyHasher(1, 2);
    CheckBuffer question = new CheckBuffer();
    question.begin(Realm.live("learning"));
    question.add(limit, new LimitKey(1, 2), "nobody", 1);
    byte[] item = new StepCodec("", hasher).check(question, World.START_MICROS).item();
    byNumbers.putIfAbsent(numbers(Bytes.reading(item).position(HEAD + COST)), limit.kernel());
    for (int parts = 2; parts <= MOST_PARTS; parts++) {
      var _ = limit.share(parts);
    }
  }

  /** Reads kind and numbers, and leaves a calendar's windows unread. */
  Kernel read(ByteBuffer in) {
    String numbers = numbers(in);
    Kernel kernel = byNumbers.get(numbers);
    if (kernel == null) {
      throw new IllegalStateException("a question of numbers that no limit has");
    }
    return kernel;
  }

  /** Whether a calendar's windows follow. */
  static boolean hasWindows(ByteBuffer in, int at) {
    return in.get(at) == CALENDAR;
  }

  private static String numbers(ByteBuffer in) {
    int kind = in.get(in.position());
    int length =
        switch (kind) {
          case 1 -> 26;
          case 2, 3, CALENDAR -> 22;
          case 5 -> 19;
          case 6 -> 15;
          case 7 -> 8;
          default -> throw new IllegalStateException("a question of kind " + kind);
        };
    byte[] bytes = new byte[length];
    in.get(bytes);
    return Bytes.text(bytes);
  }
}
