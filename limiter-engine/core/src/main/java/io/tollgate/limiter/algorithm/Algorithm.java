package io.tollgate.limiter.algorithm;

import java.time.ZoneId;

/**
 * How a limit counts, with its numbers as they were configured; {@link #kernel()} compiles them.
 *
 * <p>Every constructor refuses impossible numbers with an {@link InvalidLimitException} that names
 * the field. Periods and delays are in microseconds.
 */
public sealed interface Algorithm {

  /** Units admitted per period, or held at once. */
  long limit();

  /** The compiled arithmetic, one instance for all algorithms that count alike. */
  Kernel kernel();

  /** The name in configuration and answers, such as {@code token_bucket}. */
  default String wireName() {
    return switch (this) {
      case FixedWindow _ -> "fixed_window";
      case SlidingWindow _ -> "sliding_window";
      case SlidingLog _ -> "sliding_log";
      case TokenBucket _ -> "token_bucket";
      case Gcra _ -> "gcra";
      case LeakyBucket _ -> "leaky_bucket";
      case Concurrency _ -> "concurrency";
    };
  }

  /**
   * The same with numbers divided among several, rounded down to what is exact, but at least 1.
   *
   * @param parts at least 1
   */
  default Algorithm share(int parts) {
    long part = Math.max(1, limit() / parts);
    long partOfBurst = Math.max(1, burst() / parts);
    return switch (this) {
      case FixedWindow w -> new FixedWindow(part, w.period(), w.alignment());
      case SlidingWindow w -> new SlidingWindow(part, w.periodMicros());
      case SlidingLog l -> new SlidingLog(part, l.periodMicros());
      case TokenBucket b ->
          Share.of(part, partOfBurst, (l, burst) -> new TokenBucket(l, b.periodMicros(), burst));
      case Gcra g ->
          Share.of(part, partOfBurst, (l, burst) -> new Gcra(l, g.periodMicros(), burst));
      case LeakyBucket q ->
          Share.of(
              part,
              partOfBurst,
              (l, burst) ->
                  new LeakyBucket(l, q.periodMicros(), burst, q.mode(), q.maxDelayMicros()));
      case Concurrency c -> new Concurrency(part, c.leaseTtlMicros());
    };
  }

  /** Units that may pass at once; the limit where nothing else was configured. */
  default long burst() {
    return limit();
  }

  /** Whether what overflows is admitted with a delay. */
  default boolean queues() {
    return this instanceof LeakyBucket bucket && bucket.mode() == LeakyMode.QUEUE;
  }

  /** The fixed length of the period in microseconds; 0 where there is none. */
  long periodMicros();

  /**
   * A count per window that begins anew at each boundary.
   *
   * @param limit 1 to 2^53 − 1 units per window
   * @param period the length of a window
   * @param alignment where windows begin
   */
  record FixedWindow(long limit, Period period, Alignment alignment) implements Algorithm {

    private static final long DAY = 86_400_000_000L;

    /** Validates the numbers. */
    public FixedWindow {
      Bounds.requireLimit(limit, Exact.MAX);
      windows(period, alignment);
    }

    @Override
    public Kernel kernel() {
      return KernelTable.intern(new FixedWindowKernel(limit, windows(period, alignment)));
    }

    @Override
    public long periodMicros() {
      return period instanceof Period.Span span && !(alignment instanceof Alignment.Calendar)
          ? span.micros()
          : 0;
    }

    private static Windows windows(Period period, Alignment alignment) {
      return switch (alignment) {
        case Alignment.Epoch() -> new Windows.FromEpoch(Bounds.requireSpan(period));
        case Alignment.FirstCall() -> new Windows.FromFirstCall(Bounds.requireSpan(period));
        case Alignment.Calendar(ZoneId zone) -> new Windows.OfCalendar(unit(period), zone);
      };
    }

    private static Windows.OfCalendar.Unit unit(Period period) {
      if (period instanceof Period.Month) {
        return Windows.OfCalendar.Unit.MONTH;
      }
      long micros = Bounds.requireSpan(period);
      if (micros == DAY) {
        return Windows.OfCalendar.Unit.DAY;
      }
      if (micros == 7 * DAY) {
        return Windows.OfCalendar.Unit.WEEK;
      }
      throw new InvalidLimitException(
          "period",
          "a calendar has no window of " + micros + " µs",
          "use 1d, 7d (from Monday) or month, or align: epoch");
    }
  }

  /**
   * The sliding window counter.
   *
   * @param limit units per window; the product with the window must be exact in some tick
   * @param periodMicros the length of the window
   */
  record SlidingWindow(long limit, long periodMicros) implements Algorithm {

    /** Validates the numbers. */
    public SlidingWindow {
      Bounds.requireLimit(limit, Exact.MAX);
      Bounds.requirePeriod(periodMicros);
      SlidingWindowKernel.compile(limit, periodMicros);
    }

    @Override
    public Kernel kernel() {
      return KernelTable.intern(SlidingWindowKernel.compile(limit, periodMicros));
    }
  }

  /**
   * The exact sliding log.
   *
   * @param limit 1 to 10,000 units per window: each may be an entry of its own
   * @param periodMicros the length of the window
   */
  record SlidingLog(long limit, long periodMicros) implements Algorithm {

    /** Validates the numbers. */
    public SlidingLog {
      if (limit > EntryLog.MAX_ENTRIES) {
        throw new InvalidLimitException(
            "limit",
            limit + " is above what a sliding_log keeps (" + EntryLog.MAX_ENTRIES + ")",
            "use at most " + EntryLog.MAX_ENTRIES + ", or algorithm: sliding_window");
      }
      Bounds.requireLimit(limit, EntryLog.MAX_ENTRIES);
      Bounds.requirePeriod(periodMicros);
    }

    @Override
    public Kernel kernel() {
      return KernelTable.intern(new SlidingLogKernel(limit, periodMicros));
    }
  }

  /**
   * A bucket that refills evenly.
   *
   * @param limit units refilled per period
   * @param periodMicros the period
   * @param burst the capacity: units that may pass at once
   */
  record TokenBucket(long limit, long periodMicros, long burst) implements Algorithm {

    /** Validates the numbers. */
    public TokenBucket {
      Bounds.requireBucket(limit, periodMicros, burst, 0);
    }

    @Override
    public Kernel kernel() {
      return KernelTable.intern(DebtKernel.compile(limit, periodMicros, burst, 0));
    }
  }

  /**
   * The generic cell rate algorithm; decides as a token bucket of the same numbers does.
   *
   * @param limit units per period
   * @param periodMicros the period
   * @param burst units that may pass at once
   */
  record Gcra(long limit, long periodMicros, long burst) implements Algorithm {

    /** Validates the numbers. */
    public Gcra {
      Bounds.requireBucket(limit, periodMicros, burst, 0);
    }

    @Override
    public Kernel kernel() {
      return KernelTable.intern(DebtKernel.compile(limit, periodMicros, burst, 0));
    }
  }

  /**
   * A bucket that leaks evenly: as a meter it denies what overflows, as a queue it admits with a
   * delay.
   *
   * @param limit units leaked per period
   * @param periodMicros the period
   * @param burst units that pass at once
   * @param mode meter or queue
   * @param maxDelayMicros the longest delay that a queue gives; 0 for a meter
   */
  record LeakyBucket(long limit, long periodMicros, long burst, LeakyMode mode, long maxDelayMicros)
      implements Algorithm {

    /** Validates the numbers. */
    public LeakyBucket {
      if (mode == LeakyMode.METER && maxDelayMicros != 0) {
        throw new InvalidLimitException(
            "max_delay", "a meter delays nothing", "remove it, or write mode: queue");
      }
      Bounds.requireBucket(limit, periodMicros, burst, maxDelayMicros);
    }

    @Override
    public Kernel kernel() {
      return KernelTable.intern(DebtKernel.compile(limit, periodMicros, burst, maxDelayMicros));
    }
  }

  /**
   * Units held at once, each by a lease.
   *
   * @param limit 1 to 100,000 units
   * @param leaseTtlMicros how long a lease lasts unless renewed: 100 ms to 1 h
   * @param minLimit 1 to {@code limit}, where the number in force is found between both from how
   *     long leases are held; 0 where the limit is in force as it is
   */
  record Concurrency(long limit, long leaseTtlMicros, long minLimit) implements Algorithm {

    /** Bounds the memory of one key to some 20 MB. */
    private static final long MOST = 100_000;

    /** Validates the numbers. */
    public Concurrency {
      Bounds.requireLimit(limit, MOST);
      Bounds.requireLeaseTtl("lease_ttl", leaseTtlMicros);
      if (minLimit < 0 || minLimit > limit) {
        throw new InvalidLimitException(
            "min_limit", minLimit + " is out of bounds", "use 1 to the limit, " + limit);
      }
    }

    /** A number that is in force as it is. */
    public Concurrency(long limit, long leaseTtlMicros) {
      this(limit, leaseTtlMicros, 0);
    }

    /** Whether the number in force is found, not given. */
    public boolean adapts() {
      return minLimit > 0;
    }

    /** The same with a number of its own in force. */
    public Concurrency fixedAt(long units) {
      return new Concurrency(units, leaseTtlMicros);
    }

    @Override
    public Kernel kernel() {
      return KernelTable.intern(new ConcurrencyKernel(limit));
    }

    @Override
    public long periodMicros() {
      return 0;
    }
  }

  /** What a leaky bucket does with what overflows. */
  enum LeakyMode {
    /** Denies it. */
    METER,
    /** Admits it with a delay, up to the longest delay. */
    QUEUE
  }
}
