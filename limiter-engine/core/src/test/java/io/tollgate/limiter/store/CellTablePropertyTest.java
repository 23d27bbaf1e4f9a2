package io.tollgate.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.CounterState;
import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.algorithm.Kernel;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** The table of cells is a map: it finds what was put in, nothing else, however it has moved. */
class CellTablePropertyTest {

  private static final long SECOND = 1_000_000;

  /** A window of one second per cell: a cell is idle two seconds after its start. */
  private static final Kernel KERNEL = new Algorithm.SlidingWindow(100, SECOND).kernel();

  private record Key(long high, long low) {}

  private record Value(long time, long used, long previous) {}

  private static CounterState state(Value value) {
    CounterState state = new CounterState();
    state.time = value.time;
    state.used = value.used;
    state.previous = value.previous;
    return state;
  }

  /** Few different upper halves, so that probes of different keys overlap and wrap around. */
  private static Key key(Random random) {
    long high =
        switch (random.nextInt(3)) {
          case 0 -> 1 + random.nextInt(3);
          case 1 -> -1L - random.nextInt(3);
          default -> random.nextLong() | 1;
        };
    return new Key(high, random.nextInt(40));
  }

  @Property
  void tableIsAMap(@ForAll long seed, @ForAll @IntRange(min = 1, max = 16) int firstCapacity) {
    Random random = new Random(seed);
    CellTable table = new CellTable(5, firstCapacity);
    Map<Key, Value> model = new HashMap<>();
    for (int i = 0; i < 300; i++) {
      Key key = key(random);
      int offset = table.find(key.high, key.low);
      assertEquals(model.containsKey(key), offset >= 0);
      if (offset >= 0 && random.nextInt(3) == 0) {
        table.remove(offset);
        model.remove(key);
      } else {
        int at = offset >= 0 ? offset : table.insert(key.high, key.low);
        Value value =
            new Value(random.nextLong() >>> 11, random.nextLong() >>> 11, random.nextInt(9));
        table.write(at, state(value), KERNEL);
        model.put(key, value);
      }
      table.validate();
    }
    requireSame(table, model);
  }

  private static void requireSame(CellTable table, Map<Key, Value> model) {
    assertEquals(model.size(), table.size());
    model.forEach((key, value) -> assertEquals(value, read(table, key)));
  }

  private static @Nullable Value read(CellTable table, Key key) {
    int offset = table.find(key.high, key.low);
    if (offset < 0) {
      return null;
    }
    CounterState state = new CounterState();
    assertSame(KERNEL, table.read(offset, state));
    return new Value(state.time, state.used, state.previous);
  }

  @Property
  void sweepDropsWhatIsIdleAndNothingElse(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 3_000) int keys) {
    Random random = new Random(seed);
    CellTable table = new CellTable(5, 8);
    Map<Key, Value> model = new HashMap<>();
    while (model.size() < keys) {
      Key key = new Key(random.nextLong() | 1, random.nextLong());
      Value value = new Value(random.nextInt(4) * SECOND, 1, 1);
      table.write(table.insert(key.high, key.low), state(value), KERNEL);
      model.put(key, value);
    }
    CounterState scratch = new CounterState();
    long full = table.bytes();
    for (int step = 4; step <= 11; step++) {
      // Each whole second, and the microsecond before it.
      long at = step / 2 * SECOND - 1 + step % 2;
      for (int i = 0; i < 120; i++) {
        table.sweep(at, 64, scratch);
        table.validate();
      }
      model.values().removeIf(value -> value.time + 2 * SECOND <= at);
      requireSame(table, model);
    }
    assertEquals(0, table.size());
    assertTrue(keys < 256 || table.bytes() < full, "an empty table has shrunk");
  }

  @Property
  void tableGrowsByNoMoreThanItsKeysNeed(@ForAll @IntRange(min = 1, max = 20_000) int keys) {
    CellTable table = new CellTable(4, 8);
    for (long i = 1; i <= keys; i++) {
      table.insert(i * 0x9e3779b97f4a7c15L, i);
    }
    table.validate();
    assertEquals(keys, table.size());
    assertTrue(table.bytes() <= 32L * Math.max(16, keys * 100L / 80 * 5 / 4 + 8));
  }

  @Example
  void numbersAtTheirEdgesAndTheNumbersOfManyKernelsAreKept() {
    CellTable table = new CellTable(4, 8);
    int offset = table.insert(-1, -1);
    for (int limit = 1; limit <= 5_000; limit++) {
      Kernel kernel = new Algorithm.SlidingLog(limit, SECOND).kernel();
      table.write(offset, state(new Value(Exact.MAX, Exact.MAX, 0)), kernel);
      CounterState read = new CounterState();
      assertSame(kernel, table.read(offset, read));
      assertEquals(Exact.MAX, read.time);
      assertEquals(Exact.MAX, read.used);
    }
  }

  @Example
  void emptyTableFindsNothingAndEvictsNothing() {
    CellTable table = new CellTable(5, 8);
    assertEquals(0, table.bytes());
    assertNull(read(table, new Key(1, 1)));
    Victim victim = new Victim();
    table.offer(victim, 0, new CounterState());
    assertFalse(victim.remove());
  }
}
