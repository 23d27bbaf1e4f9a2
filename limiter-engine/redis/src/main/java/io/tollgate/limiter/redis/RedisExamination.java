package io.tollgate.limiter.redis;

import io.tollgate.limiter.redis.RedisAddress.Server;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What was found where a Redis, or a Cluster, should be. */
public sealed interface RedisExamination {

  /** What was found at one server. */
  sealed interface OfServer extends RedisExamination {}

  /**
   * Nobody answers, or not to us.
   *
   * @param why in the words of Redis or of the network
   */
  record Unreachable(String why) implements OfServer {}

  /**
   * A command that Redis does not carry out.
   *
   * @param words Redis's own
   */
  record Refused(String command, String words) {}

  /**
   * A Redis that answers.
   *
   * @param info what INFO says, by its own names; empty where this user may not ask
   * @param savePoints when snapshots are written, as CONFIG says it; empty where this user may not
   *     ask
   * @param refused what a server asks for and would not get
   * @param instances how many share it
   * @param otherHashKey whether those among them that were given no hash key have another one
   * @param unusable what keeps every instance from using it: what is there; what to do
   * @param roundTripNanos how long a question and its answer travel, as a rule
   * @param clockAheadMicros how far its clock is ahead of this machine's at least, or behind when
   *     below 0; empty where this user may not ask
   */
  record Reached(
      Map<String, String> info,
      Optional<String> savePoints,
      List<Refused> refused,
      int instances,
      boolean otherHashKey,
      Optional<String> unusable,
      long roundTripNanos,
      OptionalLong clockAheadMicros)
      implements OfServer {

    /** Keeps what it is made of as it is now. */
    public Reached {
      info = Map.copyOf(info);
      refused = List.copyOf(refused);
    }
  }

  /**
   * A Cluster of which a server has said who is in it.
   *
   * @param masters those that have slots, in the order of their first ones
   * @param replicas how many may succeed them
   * @param away those of the replicas, and of the servers that were named, that cannot be used
   * @param slots how many there are
   * @param missing how many of them nobody has
   * @param serves whether the Cluster says of itself that it serves
   */
  record Cluster(
      List<Master> masters, int replicas, List<Away> away, int slots, int missing, boolean serves)
      implements RedisExamination {

    /** Keeps what it is made of as it is now. */
    public Cluster {
      masters = List.copyOf(masters);
      away = List.copyOf(away);
    }
  }

  /**
   * A master of a Cluster.
   *
   * @param replicas how many may succeed it
   * @param hasFleet whether what is said of instances is to be believed: it has their slot
   * @param tried whether commands were carried out or refused; else its slots are just moving, or
   *     nobody may use them
   * @param wholeOnly whether it refuses every key while a slot has no master; false also where this
   *     user may not ask
   * @param found at it
   */
  record Master(
      Server server,
      int replicas,
      boolean hasFleet,
      boolean tried,
      boolean wholeOnly,
      OfServer found) {}

  /**
   * A server that cannot be used.
   *
   * @param why in the words of Redis or of the network
   */
  record Away(Server server, String why) {}
}
