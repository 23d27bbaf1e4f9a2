package io.tollgate.limiter.oracle;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Period;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;

/** The model of each algorithm, in that algorithm's ticks. */
final class Models {

  private record Charge(long tick, long cost) {}

  private Models() {}

  static Model of(Algorithm algorithm) {
    long tick = algorithm.kernel().tick().micros();
    return switch (algorithm) {
      case Algorithm.FixedWindow f when f.alignment() instanceof Alignment.FirstCall ->
          new FirstCall(f.limit(), f.periodMicros());
      case Algorithm.FixedWindow f -> new Fixed(f.limit(), cells(f));
      case Algorithm.SlidingWindow s -> new SlidingCounter(s.limit(), s.periodMicros() / tick);
      case Algorithm.SlidingLog s -> new SlidingLog(s.limit(), s.periodMicros());
      case Algorithm.TokenBucket b -> new RationalGcra(b, b.burst(), 0);
      case Algorithm.Gcra g -> new RationalGcra(g, g.burst(), 0);
      case Algorithm.LeakyBucket l -> new RationalGcra(l, l.burst(), l.maxDelayMicros());
      case Algorithm.Concurrency _ -> throw new IllegalArgumentException("holds leases");
    };
  }

  private static LongFunction<Object> cells(Algorithm.FixedWindow fixed) {
    if (fixed.alignment() instanceof Alignment.Calendar(ZoneId zone)) {
      return micros -> cell(fixed.period(), date(micros, zone));
    }
    return micros -> Math.floorDiv(micros, fixed.periodMicros());
  }

  private static LocalDate date(long micros, ZoneId zone) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atZone(zone).toLocalDate();
  }

  private static Object cell(Period period, LocalDate date) {
    if (period instanceof Period.Span(long micros)) {
      boolean week = micros > 86_400_000_000L;
      return week ? date.minusDays(date.getDayOfWeek().compareTo(DayOfWeek.MONDAY)) : date;
    }
    return YearMonth.from(date);
  }

  /** Every charge, and which of them count. */
  private abstract static class Listing extends Model {

    private final List<Charge> charges = new ArrayList<>();

    Listing(long limit) {
      super(limit);
    }

    @Override
    void charge(long tick, long cost) {
      charges.add(new Charge(tick, cost));
    }

    final long sum(LongPredicate counts) {
      return charges.stream().filter(c -> counts.test(c.tick)).mapToLong(Charge::cost).sum();
    }
  }

  /** Charges of the same cell count. */
  private static final class Fixed extends Listing {

    private final LongFunction<Object> cellOf;

    Fixed(long limit, LongFunction<Object> cellOf) {
      super(limit);
      this.cellOf = cellOf;
    }

    @Override
    boolean admits(long tick, long cost) {
      Object cell = cellOf.apply(tick);
      return sum(at -> cellOf.apply(at).equals(cell)) + cost <= capacity();
    }

    /** The next boundary, also when nothing was used. */
    @Override
    long resetAfter(long tick) {
      Model full = new Fixed(capacity(), cellOf);
      full.charge(tick, capacity());
      return full.leastWait(tick, 1);
    }
  }

  /** Charges count from the first of their window to its end. */
  private static final class FirstCall extends Model {

    private final long window;
    private long start = Long.MIN_VALUE;
    private long sum;

    FirstCall(long limit, long window) {
      super(limit);
      this.window = window;
    }

    private boolean closed(long tick) {
      return start == Long.MIN_VALUE || tick >= start + window;
    }

    @Override
    boolean admits(long tick, long cost) {
      return (closed(tick) ? 0 : sum) + cost <= capacity();
    }

    @Override
    void charge(long tick, long cost) {
      if (closed(tick)) {
        start = tick;
        sum = 0;
      }
      sum += cost;
    }
  }

  /** Charges of this cell count, those of the cell before in the share that is still covered. */
  private static final class SlidingCounter extends Listing {

    private final long window;

    SlidingCounter(long limit, long window) {
      super(limit);
      this.window = window;
    }

    @Override
    boolean admits(long tick, long cost) {
      long cell = Math.floorDiv(tick, window);
      long elapsed = tick - cell * window;
      long current = sum(at -> Math.floorDiv(at, window) == cell);
      long previous = sum(at -> Math.floorDiv(at, window) == cell - 1);
      BigInteger[] share =
          BigInteger.valueOf(previous)
              .multiply(BigInteger.valueOf(window - elapsed))
              .divideAndRemainder(BigInteger.valueOf(window));
      long rounded = share[0].longValueExact() + share[1].signum();
      return current + rounded + cost <= capacity();
    }
  }

  /** Charges of (now − W, now] count. */
  private static final class SlidingLog extends Listing {

    private final long window;

    SlidingLog(long limit, long window) {
      super(limit);
      this.window = window;
    }

    @Override
    boolean admits(long tick, long cost) {
      return sum(at -> at > tick - window) + cost <= capacity();
    }
  }

  /**
   * GCRA in virtual scheduling over exact rationals: times are multiplied by the limit, so that the
   * emission interval, period over limit, is an integer.
   */
  static final class RationalGcra extends Model {

    private final BigInteger limitPerTick;
    private final BigInteger interval;
    private final BigInteger tolerance;
    private final BigInteger free;
    private BigInteger arrival = BigInteger.ZERO;

    RationalGcra(Algorithm algorithm, long burst, long maxDelayMicros) {
      super(algorithm.kernel().capacity());
      BigInteger limit = BigInteger.valueOf(algorithm.limit());
      limitPerTick = limit.multiply(BigInteger.valueOf(algorithm.kernel().tick().micros()));
      interval = BigInteger.valueOf(algorithm.periodMicros());
      free = interval.multiply(BigInteger.valueOf(burst));
      tolerance = free.add(limit.multiply(BigInteger.valueOf(maxDelayMicros)));
    }

    private BigInteger scaled(long tick) {
      return limitPerTick.multiply(BigInteger.valueOf(tick));
    }

    private BigInteger arrivalAfter(long tick, long cost) {
      return arrival.max(scaled(tick)).add(interval.multiply(BigInteger.valueOf(cost)));
    }

    @Override
    boolean admits(long tick, long cost) {
      return arrivalAfter(tick, cost).subtract(scaled(tick)).compareTo(tolerance) <= 0;
    }

    @Override
    void charge(long tick, long cost) {
      arrival = arrivalAfter(tick, cost);
    }

    /** When the theoretical arrival has come; a queue may have its whole capacity before. */
    @Override
    long resetAfter(long tick) {
      return ticks(arrival.subtract(scaled(tick)));
    }

    /** How long what was charged last is held back. */
    long delay(long tick) {
      return ticks(arrival.subtract(scaled(tick)).subtract(free));
    }

    private long ticks(BigInteger scaledSpan) {
      if (scaledSpan.signum() <= 0) {
        return 0;
      }
      BigInteger[] parts = scaledSpan.divideAndRemainder(limitPerTick);
      return parts[0].longValueExact() + parts[1].signum();
    }
  }
}
