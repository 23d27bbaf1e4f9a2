package io.tollgate.limiter.redis;

import java.util.List;

/**
 * One item of a script call.
 *
 * @param script what decides it; {@link Script#VERBS} decides every item
 * @param keys every key that it touches, in the order in which the script takes them
 * @param item what is asked
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Step(Script script, List<byte[]> keys, byte[] item) {

  /** The same item for the script that decides every one. */
  public Step otherwise() {
    return new Step(Script.VERBS, keys, item);
  }
}
