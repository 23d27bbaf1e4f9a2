package io.tollgate.server.doors;

/** What happens in a sequence. */
sealed interface Step {

  /**
   * A check.
   *
   * @param user the value of Envoy's entry; the identifier is made of it
   * @param cost units; 0 peeks
   */
  record Asked(String namespace, String user, long cost) implements Step {

    /** The client of a gateway; {@code addr:} before it is the identifier. */
    String address() {
      return "10.0.0." + (1 + "abğ".indexOf(user));
    }

    /** The identifier that Envoy's door makes of the descriptor. */
    String identifier() {
      return "user=" + user;
    }
  }

  /** Time goes by. */
  record Waited(long micros) implements Step {}
}
