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
 * @param alone whether it has a call of its own: while a slot moves, keys of two steps may be at
 *     two servers, which neither of them can answer together
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Step(
    Script script, int slot, List<byte[]> keys, byte[] item, boolean asking, boolean alone) {

  /** A step that goes to the server of its slot. */
  public Step(Script script, int slot, List<byte[]> keys, byte[] item) {
    this(script, slot, keys, item, false, false);
  }

  /** The same item for the script that decides every one. */
  public Step otherwise() {
    return new Step(Script.VERBS, slot, keys, item);
  }

  /** The same, to a server of a Cluster that has its slot, or is about to. */
  Step to(boolean aboutToHaveIt) {
    return new Step(script, slot, keys, item, aboutToHaveIt, alone);
  }

  /** The same in a call of its own. */
  Step byItself() {
    return new Step(script, slot, keys, item, asking, true);
  }

  /** Whether one call may hold both. */
  boolean goesWith(Step other, boolean oneSlot) {
    return script == other.script
        && asking == other.asking
        && (!oneSlot || (slot == other.slot && !alone && !other.alone));
  }
}
