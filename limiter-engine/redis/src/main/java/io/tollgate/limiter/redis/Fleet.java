package io.tollgate.limiter.redis;

import io.tollgate.limiter.limit.KeyHasher;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * What one process knows of all that share its Redis: how many there are, and under which key they
 * hash identifiers.
 *
 * <p>Instances that were given no hash key agree on one: the first to come leaves a random one, the
 * others take it. It is looked at with each greeting and each beat, and whoever finds it missing
 * leaves the one that it has, so a Redis that was emptied does not split them. Safe for use by any
 * number of threads.
 */
public final class Fleet implements Link.Greeting {

  /** In place of a version: Redis was never heard. */
  public static final long UNKNOWN = -1;

  /** An instance that has said nothing for so long is not counted any more. */
  private static final long TTL_MICROS = 15_000_000;

  /** The slot of all of these keys in a Cluster. */
  public static final int SLOT = Slots.of("fleet");

  /** The name of the hash of namespaces. */
  static final String NAMESPACES = "namespaces";

  private static final String NO_KEY = "";
  private static final int HASH_KEY_BYTES = 2 * Long.BYTES;
  private static final String NO_HASH_KEY =
      "the key tg:1:{fleet}:hash-key holds something else than a hash key; delete it, or use"
          + " another REDIS_KEY_PREFIX";

  /** Redis itself does not say which command it is that a script may not call. */
  private static final String FORBIDDEN = "NOPERM this user has no permissions to run ";

  /**
   * Who this instance is.
   *
   * @param prefix begins every key
   * @param id unlike any other instance's
   * @param high of the hash key: the one to keep, or to offer
   * @param low of the hash key
   * @param given whether the operator has set the hash key, so that it is not to be agreed on
   */
  public record Member(String prefix, String id, long high, long low, boolean given) {}

  private final Member member;
  private final List<byte[]> keys;
  private final byte[] elsewhere;
  private final Consumer<String> warnings;

  private byte[] hashKey;
  private boolean toldForeign;
  private volatile KeyHasher hasher;
  private volatile int registered;
  private volatile long namespacesVersion = UNKNOWN;
  private volatile boolean known;

  /**
   * A fleet of one, before anything is asked.
   *
   * @param warnings told what an operator should know
   */
  public Fleet(Member member, Consumer<String> warnings) {
    this.member = member;
    this.warnings = warnings;
    this.keys =
        List.of(
            key(member.prefix, "hash-key"),
            key(member.prefix, "instances"),
            key(member.prefix, NAMESPACES),
            key(member.prefix, "rehearsal"));
    this.elsewhere =
        (member.prefix + KeyNames.LAYOUT + "{elsewhere}").getBytes(StandardCharsets.US_ASCII);
    this.hashKey =
        ByteBuffer.allocate(HASH_KEY_BYTES).putLong(member.high).putLong(member.low).array();
    this.hasher = new KeyHasher(member.high, member.low);
    this.known = member.given;
  }

  /** A key that belongs to no counter; all of these share a slot of a Cluster. */
  static byte[] key(String prefix, String name) {
    return (prefix + KeyNames.LAYOUT + "{fleet}:" + name).getBytes(StandardCharsets.US_ASCII);
  }

  /** What keys are made with, now. */
  public KeyHasher hasher() {
    return hasher;
  }

  /** Whether it is known what keys are made with: it was given, or Redis was heard. */
  boolean isKnown() {
    return known;
  }

  /** How many instances shared the store when it was last asked, this one included. */
  public int instances() {
    return Math.max(1, registered);
  }

  /** As {@link #instances}, but without this one where it has left, or not come. */
  int registered() {
    return registered;
  }

  /** The version of the namespaces when Redis last said it; 0 when there were none. */
  public long namespacesVersion() {
    return namespacesVersion;
  }

  /** Says that this instance is there, and finds out whether scripts may do what they do. */
  @Override
  public void greet(ScriptPort by, Said said) {
    say(by, keys, TTL_MICROS, true, said);
  }

  /**
   * As {@link #greet}, where no server of a Cluster is expected: one refuses a script that names
   * keys of two slots, whichever of them it has.
   */
  void greetAlone(ScriptPort by, Said said) {
    List<byte[]> ofTwoSlots = new ArrayList<>(keys);
    ofTwoSlots.add(elsewhere);
    say(by, ofTwoSlots, TTL_MICROS, true, said);
  }

  /** Says that this instance is still there. */
  public void beat(ScriptPort by, Said said) {
    say(by, keys, TTL_MICROS, false, said);
  }

  /** Says that this instance leaves, so that its share falls to the others at once. */
  public void leave(ScriptPort by, Said said) {
    say(by, keys, 0, false, said);
  }

  private void say(ScriptPort by, List<byte[]> named, long ttlMicros, boolean rehearse, Said said) {
    List<byte[]> items =
        List.of(
            member.given ? bytes(NO_KEY) : offered(),
            bytes(member.id),
            bytes(Long.toString(ttlMicros)),
            bytes(rehearse ? "1" : "0"));
    by.call(
        Script.FLEET,
        named,
        items,
        new ScriptPort.Answer() {
          @Override
          public void answered(List<byte[]> answers) {
            byte[] agreed = answers.getFirst();
            String forbidden = new String(answers.getLast(), StandardCharsets.US_ASCII);
            if (!forbidden.isEmpty()) {
              said.wrong(new IllegalStateException(FORBIDDEN + forbidden));
            } else if (agreed.length == 0 || agreed.length == HASH_KEY_BYTES) {
              take(answers);
              said.well();
            } else {
              said.wrong(new IllegalStateException(NO_HASH_KEY));
            }
          }

          @Override
          public void failed(Throwable why) {
            said.wrong(why);
          }
        });
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private synchronized byte[] offered() {
    return hashKey;
  }

  private synchronized void take(List<byte[]> answers) {
    agree(answers.getFirst());
    registered = Math.toIntExact(number(answers.get(1)));
    namespacesVersion = number(answers.get(2));
    known = true;
  }

  private void agree(byte[] agreed) {
    if (agreed.length == 0 || Arrays.equals(agreed, hashKey)) {
      return;
    }
    if (!member.given) {
      hashKey = agreed;
      ByteBuffer halves = ByteBuffer.wrap(agreed);
      hasher = new KeyHasher(halves.getLong(), halves.getLong());
    } else if (!toldForeign) {
      toldForeign = true;
      warnings.accept(
          "another instance that shares this Redis hashes identifiers with another key, and so"
              + " counts apart: set the same TOLLGATE_HASH_KEY on all of them");
    }
  }

  private static long number(byte[] digits) {
    return Long.parseLong(new String(digits, StandardCharsets.US_ASCII));
  }
}
