package io.tollgate.server.resp;

/** What one connection has said of itself. Confined to its event loop. */
final class Session {

  private final long id;
  private final boolean needsToken;
  private boolean known;
  private boolean resp3;
  private byte[] name = {};

  Session(long id, boolean needsToken) {
    this.id = id;
    this.needsToken = needsToken;
    this.known = !needsToken;
  }

  /** Makes it as it was at first. */
  void reset() {
    known = !needsToken;
    resp3 = false;
    name = new byte[0];
  }

  /** The number of the connection, of no other of this process. */
  long id() {
    return id;
  }

  /** Whether it may do anything: it has shown the token, or none is asked for. */
  boolean known() {
    return known;
  }

  void admit() {
    known = true;
  }

  boolean resp3() {
    return resp3;
  }

  void speak(boolean inResp3) {
    resp3 = inResp3;
  }

  byte[] name() {
    return name;
  }

  void name(byte[] of) {
    name = of;
  }
}
