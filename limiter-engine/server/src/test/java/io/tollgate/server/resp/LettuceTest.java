package io.tollgate.server.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.ArrayOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.ProtocolVersion;
import io.tollgate.server.resp.TestResp.With;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lettuce, as an application uses it. */
@Timeout(60)
class LettuceTest {

  /** A command that Lettuce has no name for. */
  private static final ProtocolKeyword THROTTLE =
      () -> "CL.THROTTLE".getBytes(StandardCharsets.US_ASCII);

  private static RedisURI uri(TestResp server, String token) {
    return RedisURI.Builder.redis("127.0.0.1", server.door.port())
        .withPassword(token.toCharArray())
        .withTimeout(Duration.ofSeconds(20))
        .withClientName("me")
        .build();
  }

  private static RedisFuture<List<Object>> throttle(
      StatefulRedisConnection<String, String> connection, String key) {
    return connection
        .async()
        .dispatch(
            THROTTLE,
            new ArrayOutput<>(StringCodec.UTF8),
            new CommandArgs<>(StringCodec.UTF8).addKey(key).add(15).add(30).add(60));
  }

  @ParameterizedTest
  @EnumSource
  void connectsInEitherProtocolShowsTheTokenAndPipelines(ProtocolVersion version) throws Exception {
    try (TestResp server = new TestResp(With.token("s3cret"))) {
      RedisClient client = RedisClient.create(uri(server, "s3cret"));
      client.setOptions(ClientOptions.builder().protocolVersion(version).build());
      try (StatefulRedisConnection<String, String> connection = client.connect()) {
        assertEquals("me", connection.sync().clientGetname());
        connection.setAutoFlushCommands(false);
        List<RedisFuture<List<Object>>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          answers.add(throttle(connection, "user123"));
        }
        connection.flushCommands();
        for (int i = 0; i < 20; i++) {
          List<Object> expected =
              i < 16 ? List.of(0L, 16L, 15L - i, -1L, 2L * (i + 1)) : List.of(1L, 16L, 0L, 2L, 32L);
          assertEquals(expected, answers.get(i).get(20, TimeUnit.SECONDS), "answer " + i);
        }
        connection.setAutoFlushCommands(true);
        assertEquals("OK", connection.sync().select(0));
        RedisCommandExecutionException refused =
            assertThrows(RedisCommandExecutionException.class, () -> connection.sync().get("a"));
        assertEquals(
            "ERR unknown command 'GET', with args beginning with: 'a'",
            String.valueOf(refused.getMessage()).strip());
      } finally {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
      }
    }
  }

  @Test
  void aWrongTokenIsToldAsRedisTellsIt() throws Exception {
    try (TestResp server = new TestResp(With.token("s3cret"))) {
      RedisClient client = RedisClient.create(uri(server, "wrong"));
      try {
        RedisException refused = assertThrows(RedisException.class, client::connect);
        Throwable cause = refused;
        while (cause.getCause() != null) {
          cause = cause.getCause();
        }
        assertEquals(
            "WRONGPASS invalid username-password pair or user is disabled.", cause.getMessage());
      } finally {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
      }
    }
  }
}
