package io.tollgate.limiter.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.redis.RedisExamination.Reached;
import io.tollgate.limiter.redis.RedisExamination.Refused;
import io.tollgate.limiter.redis.RedisExamination.Unreachable;
import io.tollgate.limiter.store.CheckBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Looks at a Redis once, over a connection such as a server's, and has it run each script; of a
 * Cluster at each of its masters.
 *
 * <p>Nothing of it stays: it peeks, leaves the fleet without having come, and has one key of its
 * own for the length of a script. Blocks, but not for long.
 */
public final class RedisExaminer {

  /** For everything: a Redis that is there answers within it, also over a slow network. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Shorter, so that what does not answer is named. */
  private static final Duration CONNECT = Duration.ofSeconds(3);

  /** What is said of whoever takes longer. */
  static final String SILENT = "no answer within " + PATIENCE.toSeconds() + " seconds";

  private static final String FULL_COVERAGE = "cluster-require-full-coverage";

  /** Enough that the first ones, which also warm this process up, do not matter. */
  private static final int MOST_ROUND_TRIPS = 31;

  private static final long ROUND_TRIPS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final Limit ANY =
      new Limit("any", new Algorithm.TokenBucket(1, 1_000_000, 1), false);

  /**
   * What may be touched of a server.
   *
   * @param cluster whether it is a master of one
   * @param slot of the keys that this examination has for itself
   * @param hasFleet whether it has the slot of the fleet's keys
   */
  record Ground(boolean cluster, int slot, boolean hasFleet) {

    /** A server that has every key. */
    static final Ground ALONE = new Ground(false, Fleet.SLOT, true);
  }

  /** Redis has not answered. */
  static final class Lost extends Exception {

    private static final long serialVersionUID = 1L;

    Lost(String why) {
      super(why);
    }

    String why() {
      return String.valueOf(getMessage());
    }
  }

  private final long endNanos;
  private final EventLoop loop;
  private final Fleet.Member member;
  private final InstantSource clock;
  private final Ground ground;
  private final List<Refused> refused = new ArrayList<>();
  private boolean wholeOnly;

  /**
   * An examination of one server.
   *
   * @param endNanos when it ends at the latest, by {@link System#nanoTime}
   */
  RedisExaminer(
      EventLoop loop, Fleet.Member member, InstantSource clock, Ground ground, long endNanos) {
    this.loop = loop;
    this.member = member;
    this.clock = clock;
    this.ground = ground;
    this.endNanos = endNanos;
  }

  /**
   * Examines a Redis, or a Cluster; returns within some seconds.
   *
   * @param member whom it is looked at for; the hash key means nothing unless it was given
   * @param clock of this machine
   */
  public static RedisExamination examine(
      RedisAddress address, Fleet.Member member, InstantSource clock) {
    var group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("tollgate-redis-look", true), NioIoHandler.newFactory());
    try (RedisConnections connections = connections(address)) {
      EventLoop loop = group.next();
      if (address.cluster()) {
        return new ClusterExaminer(connections.cluster(loop), loop, member, clock)
            .look(address.servers());
      }
      long endNanos = System.nanoTime() + PATIENCE.toNanos();
      return new RedisExaminer(loop, member, clock, Ground.ALONE, endNanos)
          .look(connections.on(loop));
    } catch (Lost e) {
      return new Unreachable(e.why());
    } finally {
      var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  private static RedisConnections connections(RedisAddress address) throws Lost {
    try {
      return new RedisConnections(address, CONNECT);
    } catch (IllegalArgumentException e) {
      // There is no such file of authorities.
      throw new Lost(words(e));
    }
  }

  /** What is found at the server that these connections lead to. */
  Reached look(Connector connector) throws Lost {
    CompletableFuture<LettucePort> port = new CompletableFuture<>();
    Connector.Listener listener =
        new Connector.Listener() {
          @Override
          public void connected(Connector.Connection connection) {
            port.complete((LettucePort) connection);
          }

          @Override
          public void failed(Throwable why) {
            port.completeExceptionally(why);
          }

          @Override
          public void closed() {
            // What is under way fails by itself.
          }
        };
    loop.execute(() -> connector.connect(listener));
    List<String> why = new ArrayList<>();
    return look(said(port, why::add).orElseThrow(() -> new Lost(why.getFirst())));
  }

  /** After a look: whether it refuses every key while a slot has no master. */
  boolean wholeOnly() {
    return wholeOnly;
  }

  /** Asks all at once where no answer depends on another: a slow network is no reason to fail. */
  private Reached look(LettucePort port) throws Lost {
    RedisAsyncCommands<byte[], byte[]> redis = port.redis();
    Future<String> info = redis.info();
    Future<Map<String, String>> save = redis.configGet("save");
    Future<Map<String, String>> whole = redis.configGet(FULL_COVERAGE);
    Future<List<byte[]>> trial =
        redis.eval(Script.TRIAL.text(), ScriptOutputType.MULTI, new byte[][] {ownKey(0)});
    List<Future<List<byte[]>>> scripts = scripts(port);
    Fellows fellows = new Fellows(member);
    if (ground.hasFleet) {
      fellows.leave(port);
    } else {
      fellows.left.complete(true);
    }
    said(trial, why -> refused.add(new Refused("EVAL", why))).ifPresent(this::addRefused);
    if (ground.cluster) {
      said(redis.asking(), why -> refused.add(new Refused("ASKING", why)));
    }
    for (Future<List<byte[]>> script : scripts) {
      said(script, this::addRefusedScript)
          .flatMap(RedisExaminer::fault)
          .ifPresent(this::addRefusedScript);
    }
    said(fellows.left, this::addRefusedScript);
    wholeOnly = said(whole, _ -> {}).map(all -> "yes".equals(all.get(FULL_COVERAGE))).orElse(false);
    return new Reached(
        said(info, _ -> {}).map(RedisExaminer::fields).orElse(Map.of()),
        said(save, _ -> {}).map(points -> points.getOrDefault("save", "")),
        refused,
        fellows.fleet.registered(),
        fellows.otherHashKey,
        fellows.unusable,
        roundTripNanos(redis),
        clockAheadMicros(redis));
  }

  /** What is answered, or nothing where Redis refuses, whose words go to another place. */
  private <T> Optional<T> said(Future<T> answer, Consumer<String> refusal) throws Lost {
    try {
      return Optional.of(answer.get(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS));
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String why = words(cause);
      if (!(cause instanceof RedisCommandExecutionException)) {
        throw new Lost(why);
      }
      refusal.accept(why);
      return Optional.empty();
    } catch (TimeoutException e) {
      throw new Lost(SILENT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Lost("interrupted");
    }
  }

  static String words(Throwable why) {
    String words = why.getMessage();
    return words == null ? why.getClass().getSimpleName() : words;
  }

  /** A key of the slot that this examination may use. */
  private byte[] ownKey(int number) {
    return ownKey(ground.slot, number);
  }

  /** A key that nobody else has. */
  private byte[] ownKey(int slot, int number) {
    String name = "{" + Slots.tag(slot) + "}:examination:" + member.id() + ":" + number;
    return (member.prefix() + KeyNames.LAYOUT + name).getBytes(StandardCharsets.US_ASCII);
  }

  private void addRefused(List<byte[]> namesAndWords) {
    for (int i = 0; i < namesAndWords.size(); i += 2) {
      refused.add(new Refused(text(namesAndWords.get(i)), text(namesAndWords.get(i + 1))));
    }
  }

  /** A script fails at the first command that is refused, which is known better by then. */
  private void addRefusedScript(String why) {
    if (refused.isEmpty()) {
      refused.add(new Refused("EVALSHA", why));
    }
  }

  /** What went wrong inside of a script; of a key that is not there it tells nothing. */
  private static Optional<String> fault(List<byte[]> answers) {
    byte[] answer = answers.getFirst();
    return answer.length > 0 && StepCodec.outcome(answer) == StepCodec.Outcome.FAILED
        ? Optional.of(StepCodec.failure(answer))
        : Optional.empty();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Each script but the fleet's, over keys that are not there, and that a peek does not make. */
  private List<Future<List<byte[]>>> scripts(LettucePort port) {
    SecureRandom random = new SecureRandom();
    KeyHasher hasher = new KeyHasher(random.nextLong(), random.nextLong());
    Realm realm = Realm.live("standalone");
    CheckBuffer peek = new CheckBuffer();
    peek.begin(realm);
    peek.add(ANY, hasher.keys(realm, "any").key("any", "any"), "any", 0);
    StepCodec codec = new StepCodec(member.prefix(), hasher);
    Step step = codec.check(peek, micros(clock.instant()));
    List<byte[]> keys = IntStream.range(0, step.keys().size()).mapToObj(this::ownKey).toList();
    // A server of a Cluster refuses keys of two slots, and one that is alone does not.
    byte[] another = ownKey((ground.slot + 1) % Slots.COUNT, 0);
    List<byte[]> read = ground.cluster ? keys : List.of(ownKey(0), another);
    return List.of(
        call(port, Script.CHECK, keys, List.of(step.item())),
        call(port, Script.VERBS, keys, List.of(step.item())),
        call(port, Script.READ, read, List.of()));
  }

  private Future<List<byte[]>> call(
      LettucePort port, Script script, List<byte[]> keys, List<byte[]> items) {
    CompletableFuture<List<byte[]>> said = new CompletableFuture<>();
    loop.execute(() -> port.call(script, keys, items, Answers.completing(said)));
    return said;
  }

  /** The fleet as one sees it who leaves without having come, and has no hash key to offer. */
  private final class Fellows {

    final CompletableFuture<Boolean> left = new CompletableFuture<>();
    final Fleet fleet;
    volatile boolean otherHashKey;
    volatile Optional<String> unusable = Optional.empty();

    Fellows(Fleet.Member member) {
      this.fleet =
          new Fleet(
              new Fleet.Member(member.prefix(), member.id(), member.high(), member.low(), true),
              _ -> otherHashKey = member.given());
    }

    void leave(LettucePort port) {
      Link.Greeting.Said said =
          new Link.Greeting.Said() {
            @Override
            public void well() {
              left.complete(true);
            }

            @Override
            public void wrong(Throwable why) {
              if (why instanceof RedisException) {
                left.completeExceptionally(why);
              } else {
                unusable = Optional.of(words(why));
                left.complete(false);
              }
            }
          };
      loop.execute(() -> fleet.leave(port, said));
    }
  }

  private static Map<String, String> fields(String info) {
    Map<String, String> fields = new HashMap<>();
    info.lines()
        .map(line -> line.split(":", 2))
        .filter(field -> field.length == 2)
        .forEach(field -> fields.put(field[0], field[1]));
    return fields;
  }

  /** The median: neither the first one, which is slow, nor a pause of the machine counts. */
  private long roundTripNanos(RedisAsyncCommands<byte[], byte[]> redis) throws Lost {
    long[] nanos = new long[MOST_ROUND_TRIPS];
    int count = 0;
    long begin = System.nanoTime();
    while (count < nanos.length && System.nanoTime() - begin < ROUND_TRIPS_NANOS) {
      long sent = System.nanoTime();
      // A refusal travels as far.
      said(redis.ping(), _ -> {});
      nanos[count] = System.nanoTime() - sent;
      count++;
    }
    Arrays.sort(nanos, 0, count);
    return nanos[count / 2];
  }

  /** Redis read its clock at some time between the question and the answer. */
  private OptionalLong clockAheadMicros(RedisAsyncCommands<byte[], byte[]> redis) throws Lost {
    long asked = micros(clock.instant());
    Optional<List<byte[]>> time = said(redis.time(), _ -> {});
    long answered = Math.max(asked, micros(clock.instant()));
    if (time.isEmpty()) {
      return OptionalLong.empty();
    }
    long seconds = Long.parseLong(text(time.get().getFirst()));
    long redisMicros = seconds * 1_000_000 + Long.parseLong(text(time.get().get(1)));
    return OptionalLong.of(redisMicros - Math.clamp(redisMicros, asked, answered));
  }

  private static long micros(Instant time) {
    return time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
  }

  /** All keys of a server, as ACLs name them. */
  public static String keys(String prefix) {
    return prefix + KeyNames.LAYOUT + "*";
  }
}
