package io.tollgate.limiter.redis;

import io.tollgate.limiter.redis.RedisAddress.Server;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A master of a Cluster, as far as one loop knows, and the way to it. */
final class ClusterNode implements Link.Greeting {

  final Server server;
  final Link link;
  final Batcher batcher;
  private final Fleet fleet;
  private final Predicate<ClusterNode> hasFleet;

  /**
   * A node that is not connected to.
   *
   * @param batching bounds of its batcher
   * @param hasFleet whether it has what instances know of each other
   * @param ups told when it can be used, and when it cannot any more
   */
  ClusterNode(
      Server server,
      ClusterRoutes.Parts parts,
      Batcher.Config batching,
      Predicate<ClusterNode> hasFleet,
      Consumer<Boolean> ups) {
    this.server = server;
    this.fleet = parts.fleet();
    this.hasFleet = hasFleet;
    Link.Watcher watcher =
        new Link.Watcher() {
          @Override
          public void answered(int steps, long nanos) {
            parts.observer().answered(steps, nanos);
          }

          @Override
          public void up(boolean can, String why) {
            ups.accept(can);
          }
        };
    this.link =
        new Link(
            parts.link(),
            parts.servers().apply(server),
            this,
            parts.alarm(),
            parts.random(),
            watcher);
    this.batcher = new Batcher(batching, link, parts.alarm(), true, link::distrust);
  }

  /** The server of the fleet is asked for the fleet, the others whether they run scripts. */
  @Override
  public void greet(ScriptPort by, Said said) {
    if (hasFleet.test(this)) {
      fleet.greet(by, said);
    } else {
      by.call(Script.CHECK, List.of(), List.of(), Answers.greeting(said));
    }
  }

  @Override
  public boolean isHarmless(Throwable refusal) {
    return Redirection.is(refusal);
  }

  /** What keeps it from being used; empty when nothing does. */
  String why() {
    if (link.isUp()) {
      return "";
    }
    String words = link.why();
    return words.startsWith(server + ": ") ? words : server + ": " + words;
  }
}
