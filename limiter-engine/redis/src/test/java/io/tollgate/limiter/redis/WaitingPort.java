package io.tollgate.limiter.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;

/** Connects at once, and has each call answered before it returns; its time stands still. */
record WaitingPort(RedisCommands<byte[], byte[]> redis, Runnable beforeEachCall)
    implements Connector, Connector.Connection, Alarm {

  @Override
  public void connect(Listener listener) {
    listener.connected(this);
  }

  @Override
  public void call(Script script, List<byte[]> keys, List<byte[]> items, Answer answer) {
    beforeEachCall.run();
    List<byte[]> said;
    try {
      said =
          redis.eval(
              script.text(),
              ScriptOutputType.MULTI,
              keys.toArray(byte[][]::new),
              items.toArray(byte[][]::new));
    } catch (RedisException e) {
      answer.failed(e);
      return;
    }
    answer.answered(said);
  }

  @Override
  public long nanoTime() {
    return 0;
  }

  @Override
  public void soon(Runnable task) {
    task.run();
  }

  @Override
  public void after(long nanos, Runnable task) {
    // Nothing is ever late.
  }

  @Override
  public void close() {
    // The test closes it.
  }
}
