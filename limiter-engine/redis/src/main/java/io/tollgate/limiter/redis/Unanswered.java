package io.tollgate.limiter.redis;

/** A fault without a cause in Redis; it says all that there is to say. */
final class Unanswered extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Unanswered(String what) {
    super(what, null, false, false);
  }
}
