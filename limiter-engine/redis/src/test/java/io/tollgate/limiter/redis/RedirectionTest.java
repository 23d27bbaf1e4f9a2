package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tollgate.limiter.redis.RedisAddress.Server;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers of a Cluster say instead of an answer. */
class RedirectionTest {

  private static Optional<Redirection> of(String words) {
    return Redirection.of(new IllegalStateException(words));
  }

  @Test
  void aServerIsNamedByAHostOrAnAddressOrNotAtAll() {
    assertEquals(
        Optional.of(new Redirection.Moved(3_999, new Server("127.0.0.1", 6_381))),
        of("MOVED 3999 127.0.0.1:6381"));
    assertEquals(
        Optional.of(new Redirection.Moved(0, new Server("::1", 6_381))), of("MOVED 0 ::1:6381"));
    assertEquals(
        Optional.of(new Redirection.Ask(new Server("redis-1.example", 1))),
        of("ASK 16383 redis-1.example:1"));
    assertEquals(Optional.of(new Redirection.Moved(1, new Server("", 6_381))), of("MOVED 1 :6381"));
  }

  @Test
  void aMomentIsWaitedForOrTheClusterIsDown() {
    assertEquals(
        Optional.of(new Redirection.TryAgain()),
        of("TRYAGAIN Multiple keys request during rehashing of slot"));
    assertEquals(Optional.of(new Redirection.Down()), of("CLUSTERDOWN Hash slot not served"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MOVED 16384 h:1",
        "MOVED 1 h:65536",
        "MOVED h:1",
        "MOVED -1 h:1",
        "ERR MOVED 1 h:1",
        "ASKING",
        "CROSSSLOT Keys in request don't hash to the same slot",
        ""
      })
  void nothingElseIsARedirection(String words) {
    assertEquals(Optional.empty(), of(words));
  }
}
