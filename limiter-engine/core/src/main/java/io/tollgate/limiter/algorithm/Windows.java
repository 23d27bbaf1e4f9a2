package io.tollgate.limiter.algorithm;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The boundaries of fixed windows, in microseconds since the epoch. */
sealed interface Windows {

  /**
   * The start of the window that holds {@code now}.
   *
   * @param current the start of the window that the state is in, 0 when it has used nothing
   */
  long startAt(long now, long current);

  /** The end of the window that starts at {@code start}; it no longer belongs to the window. */
  long endOf(long start);

  /** What a count up to a limit in these windows looks like from outside. */
  KernelShape shape(long limit);

  /** Equal windows from the epoch. */
  record FromEpoch(long length) implements Windows {
    @Override
    public long startAt(long now, long current) {
      return now - Math.floorMod(now, length);
    }

    @Override
    public long endOf(long start) {
      return start + length;
    }

    @Override
    public KernelShape shape(long limit) {
      return new KernelShape.FixedWindow(limit, length, false);
    }
  }

  /** Equal windows, each from the first call after the one before. */
  record FromFirstCall(long length) implements Windows {
    @Override
    public long startAt(long now, long current) {
      return current != 0 && now - current < length ? current : now;
    }

    @Override
    public long endOf(long start) {
      return start + length;
    }

    @Override
    public KernelShape shape(long limit) {
      return new KernelShape.FixedWindow(limit, length, true);
    }
  }

  /** Days, ISO weeks or months of the civil calendar. */
  final class OfCalendar implements Windows {

    /** The calendar unit of a window. */
    enum Unit {
      DAY,
      WEEK,
      MONTH
    }

    private record Cell(long start, long end) {}

    private final Unit unit;
    private final ZoneId zone;

    /** Tells windows of this unit and zone from others, among what is stored elsewhere. */
    private final long mark;

    /** The window looked up last: nearly every call asks for it again. A race only costs time. */
    private volatile Cell latest = new Cell(0, 0);

    OfCalendar(Unit unit, ZoneId zone) {
      this.unit = unit;
      this.zone = zone;
      String name = unit + " " + zone.getId();
      this.mark = name.chars().asLongStream().reduce(7, (sum, c) -> (31 * sum + c) & Exact.MAX);
    }

    @Override
    public long startAt(long now, long current) {
      return holding(now).start;
    }

    @Override
    public long endOf(long start) {
      return holding(start).end;
    }

    @Override
    public KernelShape shape(long limit) {
      return new KernelShape.Calendar(limit, mark, this::around);
    }

    private long[] around(long now) {
      Cell at = holding(now);
      Cell before = compute(at.start - 1);
      return new long[] {before.start, at.start, at.end, compute(at.end).end};
    }

    private Cell holding(long now) {
      Cell cell = latest;
      if (now < cell.start || now >= cell.end) {
        cell = compute(now);
        latest = cell;
      }
      return cell;
    }

    private Cell compute(long now) {
      Instant instant = Instant.ofEpochSecond(Math.floorDiv(now, 1_000_000));
      LocalDate day = instant.atZone(zone).toLocalDate();
      LocalDate first =
          switch (unit) {
            case DAY -> day;
            case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> day.withDayOfMonth(1);
          };
      Cell cell = new Cell(micros(first), micros(next(first)));
      // Clocks put back across midnight show yesterday's date in a day that has begun.
      return now < cell.end ? cell : new Cell(cell.end, micros(next(next(first))));
    }

    private LocalDate next(LocalDate first) {
      return switch (unit) {
        case DAY -> first.plusDays(1);
        case WEEK -> first.plusWeeks(1);
        case MONTH -> first.plusMonths(1);
      };
    }

    private long micros(LocalDate day) {
      return day.atStartOfDay(zone).toEpochSecond() * 1_000_000;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof OfCalendar that && unit == that.unit && zone.equals(that.zone);
    }

    @Override
    public int hashCode() {
      return Objects.hash(unit, zone);
    }
  }
}
