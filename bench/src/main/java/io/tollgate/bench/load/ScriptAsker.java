package io.tollgate.bench.load;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.redis.Script;
import io.tollgate.limiter.redis.Step;
import io.tollgate.limiter.redis.StepCodec;
import io.tollgate.limiter.store.CheckBuffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls our script for each check by itself, pipelined: what Redis gives without batches, to a
 * client that does nothing else. One thread.
 */
final class ScriptAsker implements Asker {

  /** What a hung Redis may cost beyond the time that was planned. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final Selector selector;
  private final List<ScriptLine> lines = new ArrayList<>();
  private final byte[][] calls;
  private final int[] order;
  private final int depth;
  private int at;

  /** Connects, and makes Redis know the script. */
  ScriptAsker(int port, int connections, int depth) throws IOException {
    this.selector = Selector.open();
    this.order = Order.shuffled(Plan.IDENTIFIERS);
    this.calls = calls(order.length);
    this.depth = depth;
    try {
      ScriptLine.load(port, Script.CHECK.text(), Script.CHECK.sha1());
      for (int i = 0; i < connections; i++) {
        lines.add(new ScriptLine(port, selector));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** What a server with {@link TollgatePeer}'s limits would send for each, in a batch of one. */
  private static byte[][] calls(int identifiers) {
    Realm realm = Realm.live("standalone");
    KeyHasher hasher = new KeyHasher(1, 2);
    var keys = hasher.keys(realm, "bench");
    var gcra = new Algorithm.Gcra(1, Duration.ofMinutes(1).toNanos() / 1_000, Peer.BURST);
    Limit limit = new Limit("per-minute", gcra, false);
    StepCodec codec = new StepCodec("", hasher);
    CheckBuffer question = new CheckBuffer();
    byte[] name = Script.CHECK.sha1().getBytes(StandardCharsets.US_ASCII);
    byte[][] calls = new byte[identifiers][];
    for (int i = 0; i < identifiers; i++) {
      String identifier = Identifiers.name(i);
      question.begin(realm);
      question.add(limit, keys.key(identifier, identifier), identifier, 1);
      Step step = codec.check(question, 0);
      if (step.script() != Script.CHECK || step.keys().size() != 1) {
        throw new IllegalStateException("not one counter of " + Script.CHECK + ": " + step);
      }
      calls[i] =
          ScriptLine.command(
              ScriptLine.ascii("EVALSHA"),
              name,
              ScriptLine.ascii("1"),
              step.keys().getFirst(),
              step.item());
    }
    return calls;
  }

  @Override
  public Closed ask(long nanos) throws IOException {
    long begin = System.nanoTime();
    long deadline = begin + nanos + GRACE.toNanos();
    long before = answers();
    long deniedBefore = denied();
    for (ScriptLine line : lines) {
      next(line);
    }
    int[] asking = {lines.size()};
    while (asking[0] > 0) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("out of time after " + answers() + " answers");
      }
      selector.select(
          key -> {
            if (!received(key)) {
              return;
            }
            if (System.nanoTime() - begin < nanos) {
              next((ScriptLine) key.attachment());
            } else {
              asking[0]--;
            }
          },
          100);
    }
    double seconds = (System.nanoTime() - begin) / (double) Schedule.NANOS_PER_SECOND;
    return new Closed(answers() - before, seconds, denied() - deniedBefore);
  }

  private void next(ScriptLine line) {
    for (int i = 0; i < depth; i++) {
      line.add(calls[order[at]]);
      at = (at + 1) % order.length;
    }
    try {
      line.send();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether all of a line's calls are answered. */
  private static boolean received(SelectionKey key) {
    try {
      return ((ScriptLine) key.attachment()).receive() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long answers() {
    return lines.stream().mapToLong(ScriptLine::answers).sum();
  }

  private long denied() {
    return lines.stream().mapToLong(ScriptLine::denied).sum();
  }

  @Override
  public void close() throws IOException {
    for (ScriptLine line : lines) {
      line.close();
    }
    selector.close();
  }
}
