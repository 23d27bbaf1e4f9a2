package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;

/** No body, however odd, brings a fault or a hang. */
class BodyPropertyTest {

  private static final List<String> PATHS =
      List.of("/v1/check", "/v1/check:batch", "/v1/check:explain");

  private static final String CHECK =
      "{\"identifier\":\"é😀\",\"namespace\":\"n\",\"cost\":1,\"endpoint\":\"GET /\","
          + "\"attributes\":{\"a\":\"b\"},\"idempotency_key\":\"k\",\"x\":[1.5e3,true,null]}";

  private static final TestDoor DOOR = open();

  private static TestDoor open() {
    try {
      return TestDoor.usual();
    } catch (IOException e) {
      throw new UncheckedIOException("opening a door", e);
    }
  }

  @AfterContainer
  static void close() {
    DOOR.close();
  }

  @Property
  void randomBytesAreRefusedClearly(@ForAll @Size(max = 400) byte[] body) throws IOException {
    try (Client client = DOOR.client()) {
      for (String path : PATHS) {
        clear(client.postBytes(path, body));
      }
    }
  }

  @Property
  void damagedChecksAreAnsweredOrRefusedClearly(
      @ForAll @IntRange(max = 1_000) int at, @ForAll byte value, @ForAll @IntRange(max = 3) int cut)
      throws IOException {
    try (Client client = DOOR.client()) {
      for (String path : PATHS) {
        String whole = path.endsWith("batch") ? "{\"checks\":[" + CHECK + "]}" : CHECK;
        byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
        int place = at % bytes.length;
        bytes[place] = value;
        int length = cut == 0 ? place : bytes.length;
        clear(client.postBytes(path, Arrays.copyOf(bytes, length)));
      }
    }
  }

  private static void clear(Answer answer) {
    boolean answered = answer.status() == 200 && answer.json().containsKey("allowed");
    boolean refused = answer.status() / 100 == 4 && !answer.code().isEmpty();
    assertTrue(answered || refused, () -> answer.status() + " " + answer.body());
  }
}
