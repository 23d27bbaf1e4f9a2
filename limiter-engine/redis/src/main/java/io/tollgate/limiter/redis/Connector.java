package io.tollgate.limiter.redis;

/** Makes connections to Redis; confined to one thread, which callbacks arrive on. */
public interface Connector {

  /** A connection that scripts are called on. */
  interface Connection extends ScriptPort {

    /** Ends it; what is under way fails. Repeated, it does nothing. */
    void close();
  }

  /** What becomes of an attempt; one of the first two is called, once. */
  interface Listener {

    /** It can be used; where it must show a password, it has. */
    void connected(Connection connection);

    /** There is none. */
    void failed(Throwable why);

    /** The one that there was has ended, whoever ended it. */
    void closed();
  }

  /** Tries to connect, to the server that is the master now. */
  void connect(Listener listener);
}
