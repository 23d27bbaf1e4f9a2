package io.tollgate.limiter.concurrency;

import io.tollgate.limiter.algorithm.Algorithm.Concurrency;
import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.LimitKey;
import io.tollgate.limiter.store.CheckBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The numbers in force of limits of concurrency that adapt, one for each counter.
 *
 * <p>What a counter holds is the store's, and shared where the store is; the estimate is this
 * process's own, and learned from leases that it has given and that were released here. It is
 * forgotten when the process ends, and begins anew for a counter that was not asked for when more
 * than {@link #MOST_COUNTERS} were. Safe for use by any number of threads.
 */
public final class AdaptiveConcurrency {

  /** Some 400 bytes each. */
  public static final int MOST_COUNTERS = 16_384;

  /** As many as one limit may hold; of others that are released nothing is learned. */
  private static final int MOST_LEASES = 131_072;

  private final LongSupplier nanoTime;
  private final Recent<LimitKey, Estimate> estimates = new Recent<>(MOST_COUNTERS);
  private final Recent<HoldId, Taken> leases = new Recent<>(MOST_LEASES);

  /** A lease's part in one counter; what is in flight counts its own units too. */
  private record Part(Estimate estimate, long inFlight) {}

  private record Taken(long atNanos, List<Part> parts) {}

  /**
   * What is in force of one limit.
   *
   * @param counters how many counters of it there are here
   * @param least the least units that one of them may hold
   * @param most the most
   */
  public record InForce(String namespace, String limit, int counters, long least, long most) {

    private InForce and(Estimate other) {
      long units = other.units();
      return new InForce(
          namespace, limit, counters + 1, Math.min(least, units), Math.max(most, units));
    }
  }

  /** Estimates that have learned nothing, by the system's monotonic clock. */
  public AdaptiveConcurrency() {
    this(System::nanoTime);
  }

  /**
   * Estimates that have learned nothing.
   *
   * @param nanoTime a monotonic clock, nanoseconds
   */
  public AdaptiveConcurrency(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Gives each limit of a question that adapts the number that is in force for its counter.
   *
   * @param namespace its configured name, of which there are few
   * @return to be told of a lease that the question was given
   */
  public Asked apply(String namespace, CheckBuffer question) {
    List<Entry> entries = List.of();
    for (int i = 0; i < question.size(); i++) {
      Limit limit = question.limit(i);
      if (limit.algorithm() instanceof Concurrency held && held.adapts()) {
        Estimate estimate =
            estimates.computeIfAbsent(question.key(i), _ -> new Estimate(namespace, limit));
        question.limit(i, estimate.inForce(limit));
        entries = entries.isEmpty() ? new ArrayList<>(1) : entries;
        entries.add(new Entry(i, estimate));
      }
    }
    return new Asked(entries);
  }

  /** An entry of a question whose limit adapts. */
  private record Entry(int index, Estimate estimate) {}

  /** Which entries of a question adapt. */
  public final class Asked {

    private final List<Entry> entries;

    private Asked(List<Entry> entries) {
      this.entries = entries;
    }

    /** Notes that a lease was given, now and not by an earlier question of the same id. */
    public void taken(HoldId id, CheckBuffer answer) {
      if (entries.isEmpty()) {
        return;
      }
      List<Part> parts = new ArrayList<>(entries.size());
      for (Entry entry : entries) {
        long units = answer.limit(entry.index).algorithm().limit();
        parts.add(new Part(entry.estimate, units - answer.remaining(entry.index)));
      }
      leases.put(id, new Taken(nanoTime.getAsLong(), parts));
    }
  }

  /** Learns from a lease that was released, if it was given here. */
  public void released(HoldId id, Outcome outcome) {
    @Nullable Taken taken = leases.remove(id);
    if (taken == null || outcome == Outcome.IGNORE) {
      return;
    }
    long now = nanoTime.getAsLong();
    for (Part part : taken.parts) {
      part.estimate.ended(now, now - taken.atNanos, part.inFlight, outcome == Outcome.DROPPED);
    }
  }

  /** What is in force, by namespace and limit. */
  public List<InForce> inForce() {
    Map<String, InForce> byLimit = new TreeMap<>();
    for (Estimate estimate : estimates.values()) {
      long units = estimate.units();
      InForce one = new InForce(estimate.namespace(), estimate.name(), 1, units, units);
      byLimit.merge(one.namespace() + '\n' + one.limit(), one, (before, _) -> before.and(estimate));
    }
    return List.copyOf(byLimit.values());
  }
}
