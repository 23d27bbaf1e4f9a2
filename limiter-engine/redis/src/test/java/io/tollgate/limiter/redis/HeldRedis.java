package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A way to a real Redis on which a test carries each call out by hand, and tells what was answered,
 * or not.
 */
final class HeldRedis implements Connector, Connector.Connection {

  private record Held(Script script, List<byte[]> keys, List<byte[]> items, Answer answer) {}

  private final RedisCommands<byte[], byte[]> redis;
  private final ArrayDeque<Held> calls = new ArrayDeque<>();
  private @Nullable Listener listener;

  /** Steps that were carried out. */
  int steps;

  HeldRedis(RedisCommands<byte[], byte[]> redis) {
    this.redis = redis;
  }

  @Override
  public void connect(Listener told) {
    if (listener == null) {
      listener = told;
      told.connected(this);
    }
  }

  @Override
  public void call(Script script, List<byte[]> keys, List<byte[]> items, Answer answer) {
    calls.add(new Held(script, keys, items, answer));
  }

  int calls() {
    return calls.size();
  }

  private List<byte[]> carryOut(Held call) {
    steps += call.items.size();
    return redis.eval(
        call.script.text(),
        ScriptOutputType.MULTI,
        call.keys.toArray(byte[][]::new),
        call.items.toArray(byte[][]::new));
  }

  /** Answers the oldest call. */
  void answer() {
    Held call = calls.removeFirst();
    call.answer.answered(carryOut(call));
  }

  /** Answers every call, those too that come of it; says how many there were. */
  int answerAll() {
    int count = 0;
    while (!calls.isEmpty()) {
      answer();
      count++;
      assertFalse(count > 10_000, "calls without an end");
    }
    return count;
  }

  /** Carries out the oldest call; its answer is lost. */
  void lose() {
    var _ = carryOut(calls.removeFirst());
  }

  /** The connection ends, and no other is made. */
  void end() {
    Listener told = listener;
    if (told != null) {
      told.closed();
    }
  }

  @Override
  public void close() {
    // The test closes what is behind it.
  }
}
