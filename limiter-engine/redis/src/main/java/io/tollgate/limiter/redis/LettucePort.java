package io.tollgate.limiter.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls scripts by their names over a connection of Lettuce, and sends a text only when Redis does
 * not know its name, in which case nothing was executed.
 *
 * <p>The connection must be one of {@link RedisConnections}: others repeat after a reconnect what
 * they had sent before.
 */
final class LettucePort implements Connector.Connection {

  /** What Lettuce says of a command: one of the two. */
  private interface Outcome extends BiConsumer<@Nullable List<byte[]>, @Nullable Throwable> {}

  private final StatefulRedisConnection<byte[], byte[]> connection;
  private final RedisAsyncCommands<byte[], byte[]> redis;
  private final EventLoop loop;
  private final boolean together;
  private boolean leaves;

  /**
   * A port over a connection.
   *
   * @param loop runs the callbacks, all on one thread
   * @param together whether calls of one turn of the loop leave in one write: in a Cluster there
   *     are many of them
   */
  LettucePort(
      StatefulRedisConnection<byte[], byte[]> connection, EventLoop loop, boolean together) {
    this.connection = connection;
    this.redis = connection.async();
    this.loop = loop;
    this.together = together;
    connection.setAutoFlushCommands(!together);
  }

  /** For questions of another kind; from now on each leaves at once. */
  RedisAsyncCommands<byte[], byte[]> redis() {
    connection.setAutoFlushCommands(true);
    return redis;
  }

  @Override
  public void call(Script script, List<byte[]> keys, List<byte[]> items, Answer answer) {
    call(script, false, keys, items, answer);
  }

  @Override
  public void ask(Script script, List<byte[]> keys, List<byte[]> items, Answer answer) {
    call(script, true, keys, items, answer);
  }

  private void call(
      Script script, boolean asking, List<byte[]> keys, List<byte[]> items, Answer answer) {
    byte[][] keyArray = keys.toArray(byte[][]::new);
    byte[][] itemArray = items.toArray(byte[][]::new);
    Outcome told = (answers, why) -> onLoop(() -> tell(answers, why, answer));
    send(
        asking,
        () -> redis.evalsha(script.sha1(), ScriptOutputType.MULTI, keyArray, itemArray),
        (answers, why) -> {
          if (cause(why) instanceof RedisNoScriptException) {
            send(
                asking,
                () -> redis.eval(script.text(), ScriptOutputType.MULTI, keyArray, itemArray),
                told);
          } else {
            told.accept(answers, why);
          }
        });
  }

  /** Lettuce calls back on the loop, but for what it refuses. */
  private void onLoop(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  @Override
  public void close() {
    var _ = connection.closeAsync();
  }

  /** What is asked for a slot that moves holds for the one command that follows. */
  private void send(boolean asking, Supplier<RedisFuture<List<byte[]>>> command, Outcome outcome) {
    try {
      if (asking) {
        var _ = redis.asking();
      }
      leaveSoon();
      command.get().whenComplete(outcome);
    } catch (RedisException refused) {
      outcome.accept(null, refused);
    }
  }

  private void leaveSoon() {
    if (together && !leaves) {
      leaves = true;
      loop.execute(() -> {
        leaves = false;
        connection.flushCommands();
      });
    }
  }

  private static @Nullable Throwable cause(@Nullable Throwable why) {
    return why instanceof CompletionException wrapped ? wrapped.getCause() : why;
  }

  private static void tell(@Nullable List<byte[]> answers, @Nullable Throwable why, Answer answer) {
    if (answers != null) {
      answer.answered(answers);
    } else {
      Throwable cause = cause(why);
      answer.failed(cause == null ? new RedisException("Redis answered nothing") : cause);
    }
  }
}
