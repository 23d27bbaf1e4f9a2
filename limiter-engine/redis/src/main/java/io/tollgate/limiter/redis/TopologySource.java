package io.tollgate.limiter.redis;

import io.tollgate.limiter.redis.RedisAddress.Server;

/** Asks servers of a Cluster who has which slots; confined to one thread. */
@FunctionalInterface
public interface TopologySource {

  /** What a server has said; one of the two is called, once, or never where it hangs. */
  interface Listener {

    /** Its view. */
    void seen(Topology view);

    /** It has none, or cannot be asked. */
    void failed(Throwable why);
  }

  /** Asks a server over a connection that ends with the answer. */
  void ask(Server server, Listener listener);
}
