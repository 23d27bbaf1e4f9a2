package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.redis.Connector;
import io.tollgate.limiter.redis.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection as TCP has it: what is sent arrives in its order or not at all, some time later.
 *
 * <p>What was sent before the engine gave it up still arrives and is executed.
 */
final class Line implements Connector.Connection {

  /** A call on its way, for a line that sends again what was not answered. */
  private static final class Sent {

    final Server.Call call;
    final Answer answer;
    final long at;
    boolean answered;

    Sent(Server.Call call, Answer answer, long at) {
      this.call = call;
      this.answer = answer;
      this.at = at;
    }
  }

  private final Network network;
  private final World world;
  final Host engine;
  private final Connector.Listener listener;
  private final List<Sent> underWay = new ArrayList<>();
  private final Supplier<@Nullable Server> anew;
  private Server server;

  /** Counts what the line was cut and made anew: what was on an earlier one arrives nowhere. */
  private int life;

  private boolean givenUp;
  private boolean cut;
  private long lastUp;
  private long lastDown;

  /**
   * A connection that is open.
   *
   * @param anew whom it would lead to if it were made once more; null when there is nobody
   */
  Line(
      Network network,
      Host engine,
      Server server,
      Supplier<@Nullable Server> anew,
      Connector.Listener listener) {
    this.anew = anew;
    this.network = network;
    this.world = network.world;
    this.engine = engine;
    this.server = server;
    this.listener = listener;
    server.lines.add(this);
  }

  @Override
  public void call(Script script, List<byte[]> keys, List<byte[]> items, Answer answer) {
    call(new Server.Call(script, keys, items, false), answer);
  }

  @Override
  public void ask(Script script, List<byte[]> keys, List<byte[]> items, Answer answer) {
    boolean asking = !network.plants(Defect.NO_ASKING);
    call(new Server.Call(script, keys, items, asking), answer);
  }

  private void call(Server.Call call, Answer answer) {
    Sent sent = new Sent(call, answer, world.now());
    underWay.removeIf(old -> old.answered);
    underWay.add(sent);
    send(sent);
  }

  private void send(Sent sent) {
    if (cut) {
      return;
    }
    int mine = life;
    lastUp = Math.max(lastUp + 1, network.arrival(engine, server.place.shard()));
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
        sent.call,
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
      boolean alike =
          one.call.script() == sent.call.script()
              && one.call.items().size() == sent.call.items().size();
      if (alike && !one.answered && world.now() - one.at < network.limitNanos) {
        return one;
      }
    }
    return sent;
  }

  private void reply(Runnable delivery) {
    int mine = life;
    lastDown = Math.max(lastDown + 1, network.arrival(engine, server.place.shard()));
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
      world.at(network.arrival(engine, server.place.shard()), engine, listener::closed);
    }
  }

  private void sendAgain() {
    Server now = anew.get();
    if (now == null || !now.host.isAlive() || !network.takesConnections(now.place.shard())) {
      world.at(world.now() + 10 * World.MILLI, engine, this::sendAgain);
      return;
    }
    server = now;
    server.lines.add(this);
    underWay.removeIf(old -> old.answered);
    List.copyOf(underWay).forEach(this::send);
  }

  @Override
  public void close() {
    givenUp = true;
  }
}
