package io.tollgate.limiter.redis;

import java.util.List;

/**
 * One item of a script call.
 *
 * @param script what decides it; {@link Script#VERBS} decides every item
 * @param slot of its first key, in a Cluster of all of them
 * @param keys every key that it touches, in the order in which the script takes them
 * @param item what is asked
 * @param asking whether the server is only about to get the slot, and must be told that this is
 *     known
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Step(Script script, int slot, List<byte[]> keys, byte[] item, boolean asking) {

  /** A step that goes to the server of its slot. */
  public Step(Script script, int slot, List<byte[]> keys, byte[] item) {
    this(script, slot, keys, item, false);
  }

  /** The same item for the script that decides every one. */
  public Step otherwise() {
    return new Step(Script.VERBS, slot, keys, item, false);
  }

  /** Whether one call may hold both. */
  boolean goesWith(Step other, boolean oneSlot) {
    return script == other.script && asking == other.asking && (!oneSlot || slot == other.slot);
  }
}
