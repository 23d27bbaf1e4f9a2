package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.redis.RedisAddress.Server;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Example;

/** A watch whose servers a test answers for, at a time that it passes. */
class ClusterWatchTest {

  private static final long MILLI = 1_000_000;
  private static final long PATIENCE = 2_000 * MILLI;

  private final HandPort time = new HandPort();
  private final Map<Server, TopologySource.Listener> asked = new LinkedHashMap<>();
  private final List<String> told = new ArrayList<>();
  private final ClusterWatch watch =
      new ClusterWatch(
          List.of(server(1), server(2), server(3), server(4)),
          asked::put,
          time,
          new Random(1),
          PATIENCE);

  ClusterWatchTest() {
    watch.tell(
        new ClusterWatch.Listener() {
          @Override
          public void seen(Topology topology) {
            told.add("epoch " + topology.epoch());
          }

          @Override
          public void unseen(String why) {
            told.add(why);
          }
        });
  }

  private static Server server(int port) {
    return new Server("h", port);
  }

  private static Topology view(long epoch, boolean healthy) {
    return new Topology(
        List.of(new Topology.Range(0, Slots.COUNT - 1, server(5), List.of(server(6)))),
        epoch,
        healthy);
  }

  private TopologySource.Listener next() {
    Server first = asked.keySet().iterator().next();
    return Objects.requireNonNull(asked.remove(first));
  }

  @Example
  void theHealthyServerWithTheLatestEpochIsBelieved() {
    watch.want();
    assertEquals(3, asked.size());
    next().seen(view(7, true));
    next().seen(view(9, false));
    assertEquals(List.of(), told);
    next().seen(view(8, true));
    assertEquals(List.of("epoch 8"), told);
  }

  @Example
  void oneThatHangsIsNotWaitedForWhenAnotherHasAnswered() {
    watch.want();
    next().seen(view(1, true));
    time.pass(200 * MILLI);
    assertEquals(List.of("epoch 1"), told);
    asked.clear();
    watch.want();
    time.pass(100 * MILLI);
    assertEquals(3, asked.size());
    assertTrue(
        asked.keySet().stream().filter(server -> server.port() > 4).count() + 2 >= 3,
        "the silent ones are asked last: " + asked.keySet());
  }

  @Example
  void theOthersAreAskedWhenTheFirstOnesSayNothing() {
    watch.want();
    List<Server> first = List.copyOf(asked.keySet());
    asked.clear();
    time.pass(PATIENCE);
    assertEquals(1, asked.size());
    assertTrue(first.stream().noneMatch(asked::containsKey));
    next().failed(new IllegalStateException("refused"));
    assertEquals(List.of("refused"), told);
    time.pass(100 * MILLI);
    assertEquals(3, asked.size(), "and again");
  }

  @Example
  void whatWasSeenIsLookedAtAgainAfterAWhileOrWhenThereIsReason() {
    watch.want();
    next().seen(view(1, true));
    next().seen(view(1, true));
    next().seen(view(1, true));
    watch.want();
    watch.want();
    time.pass(100 * MILLI);
    assertEquals(3, asked.size());
    while (!asked.isEmpty()) {
      next().seen(view(2, true));
    }
    time.pass(4_999 * MILLI);
    assertEquals(0, asked.size());
    time.pass(MILLI);
    assertEquals(3, asked.size());
    assertEquals(List.of("epoch 1", "epoch 2"), told);
  }

  @Example
  void aClosedWatchAsksNobody() {
    watch.close();
    watch.want();
    time.pass(10_000 * MILLI);
    assertEquals(0, asked.size());
  }
}
