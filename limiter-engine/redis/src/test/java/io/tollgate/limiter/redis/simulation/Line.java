package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.redis.Connector;
import io.tollgate.limiter.redis.Script;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection as TCP has it: what is sent arrives in its order or not at all, some time later.
 *
 * <p>What was sent before the engine gave it up still arrives and is executed.
 */
final class Line implements Connector.Connection {

  /** A call on its way, for a line that sends again what was not answered. */
  private static final class Sent {

    final Script script;
    final List<byte[]> keys;
    final List<byte[]> items;
    final Answer answer;
    final long at;
    boolean answered;

    Sent(Script script, List<byte[]> keys, List<byte[]> items, Answer answer, long at) {
      this.at = at;
      this.script = script;
      this.keys = keys;
      this.items = items;
      this.answer = answer;
    }
  }

  private final Network network;
  private final World world;
  final Host engine;
  private final Connector.Listener listener;
  private final List<Sent> underWay = new ArrayList<>();
  private Server server;

  /** Counts what the line was cut and made anew: what was on an earlier one arrives nowhere. */
  private int life;

  private boolean givenUp;
  private boolean cut;
  private long lastUp;
  private long lastDown;

  Line(Network network, Host engine, Server server, Connector.Listener listener) {
    this.network = network;
    this.world = network.world;
    this.engine = engine;
    this.server = server;
    this.listener = listener;
    server.lines.add(this);
  }

  @Override
  public void call(Script script, List<byte[]> keys, List<byte[]> items, Answer answer) {
    Sent sent = new Sent(script, keys, items, answer, world.now());
    underWay.removeIf(old -> old.answered);
    underWay.add(sent);
    send(sent);
  }

  private void send(Sent sent) {
    if (cut) {
      return;
    }
    int mine = life;
    lastUp = Math.max(lastUp + 1, network.arrival(engine));
    world.at(
        lastUp,
        server.host,
        () -> {
          if (!cut && mine == life) {
            receive(sent);
          }
        });
  }

  private void receive(Sent sent) {
    server.execute(
        engine,
        sent.script,
        sent.keys,
        sent.items,
        new Server.Reply() {
          @Override
          public void answered(List<byte[]> answers) {
            reply(() -> {
              Sent first = network.plants(Defect.LATE_AS_FIRST) ? firstAwaited(sent) : sent;
              first.answered = true;
              first.answer.answered(answers);
            });
          }

          @Override
          public void failed(String words) {
            reply(() -> {
              sent.answered = true;
              sent.answer.failed(new IllegalStateException(words));
            });
          }
        });
  }

  /** Who would be answered if those who have given up were forgotten. */
  private Sent firstAwaited(Sent sent) {
    for (Sent one : underWay) {
      boolean alike = one.script == sent.script && one.items.size() == sent.items.size();
      if (alike && !one.answered && world.now() - one.at < network.limitNanos) {
        return one;
      }
    }
    return sent;
  }

  private void reply(Runnable delivery) {
    int mine = life;
    lastDown = Math.max(lastDown + 1, network.arrival(engine));
    world.at(
        lastDown,
        engine,
        () -> {
          if (!cut && !givenUp && mine == life) {
            delivery.run();
          }
        });
  }

  /** Ends it from the other side or in between: nothing arrives any more, in either direction. */
  void cut(boolean told) {
    if (cut || givenUp) {
      return;
    }
    life++;
    if (network.plants(Defect.REPLAY)) {
      sendAgain();
      return;
    }
    cut = true;
    if (told) {
      world.at(network.arrival(engine), engine, listener::closed);
    }
  }

  private void sendAgain() {
    if (!network.takesConnections()) {
      world.at(world.now() + 10 * World.MILLI, engine, this::sendAgain);
      return;
    }
    server = network.master();
    server.lines.add(this);
    underWay.removeIf(old -> old.answered);
    List.copyOf(underWay).forEach(this::send);
  }

  @Override
  public void close() {
    givenUp = true;
  }
}
