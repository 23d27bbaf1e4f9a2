package io.tollgate.limiter.redis;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What was found where a Redis should be. */
public sealed interface RedisExamination {

  /**
   * Nobody answers, or not to us.
   *
   * @param why in the words of Redis or of the network
   */
  record Unreachable(String why) implements RedisExamination {}

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
      implements RedisExamination {

    /** Keeps what it is made of as it is now. */
    public Reached {
      info = Map.copyOf(info);
      refused = List.copyOf(refused);
    }
  }
}
