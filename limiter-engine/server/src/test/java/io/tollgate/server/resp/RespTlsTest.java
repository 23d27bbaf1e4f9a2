package io.tollgate.server.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.tollgate.server.KeyPairFiles;
import io.tollgate.server.tls.TlsFiles;
import io.tollgate.server.tls.TlsInForce;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The certificate of the other doors holds here too. */
@Timeout(60)
class RespTlsTest {

  @TempDir private Path folder;

  @Test
  void commandsAreAnsweredOverTlsAndNotWithoutIt() throws Exception {
    KeyPairFiles pair = KeyPairFiles.make(folder);
    try (TlsInForce tls =
            TlsInForce.open(
                new TlsFiles(pair.certificate(), pair.key(), Optional.empty()),
                _ -> {},
                InstantSource.system());
        TestResp server = new TestResp(TestResp.With.tls(tls))) {
      RedisURI uri =
          RedisURI.Builder.redis("localhost", server.door.port())
              .withSsl(true)
              .withTimeout(Duration.ofSeconds(20))
              .build();
      RedisClient client = RedisClient.create(uri);
      client.setOptions(
          ClientOptions.builder()
              .sslOptions(SslOptions.builder().trustManager(pair.certificate().toFile()).build())
              .build());
      try (var connection = client.connect()) {
        assertEquals("PONG", connection.sync().ping());
      } finally {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
      }
      try (RespWire plain = server.wire()) {
        plain.send("PING\r\n");
        assertTrue(plain.endedWithoutAnswer());
      }
      assertEquals(
          1, server.scraped().value("tollgate_tls_handshakes_failed_total", "port", "resp"));
    }
  }
}
