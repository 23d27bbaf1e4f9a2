package io.tollgate.bench.grpc;

/** The identifiers that are asked for, one after the other. Confined to one thread. */
final class Questions {

  private final int[] order;
  private final long most;
  private long asked;
  private boolean ended;
  private int at;

  private Questions(int[] order, long most) {
    this.order = order;
    this.most = most;
  }

  /** Each of an order, and again from its start, until they are ended. */
  static Questions endless(int[] order) {
    return new Questions(order, Long.MAX_VALUE);
  }

  /** Each of an order once. */
  static Questions once(int[] order) {
    return new Questions(order, order.length);
  }

  boolean hasNext() {
    return !ended && asked < most;
  }

  int next() {
    asked++;
    int identifier = order[at];
    at = at + 1 == order.length ? 0 : at + 1;
    return identifier;
  }

  /** How many were taken. */
  long asked() {
    return asked;
  }

  /** There are no more. */
  void end() {
    ended = true;
  }
}
