package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.NamespaceSpec;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a client of HTTP/2 may not do, and that others are answered all the while. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2BoundsTest {

  private static final String CHECK = "{\"identifier\":\"b\",\"namespace\":\"n\",\"cost\":0}";

  private TestDoor door;

  @BeforeAll
  void open() throws IOException {
    door = TestDoor.usual();
  }

  @AfterAll
  void close() {
    door.close();
  }

  private H2Client client() throws IOException {
    return H2Client.to(door.door.httpPort());
  }

  /** The connection must end with this code, and the server must answer others. */
  private void ends(H2Client client, int code) throws IOException {
    assertEquals(code, client.goAway());
    client.end();
    othersAreAnswered();
  }

  private void othersAreAnswered() throws IOException {
    try (H2Client other = client()) {
      assertEquals(200, other.get("/health").status());
    }
  }

  @Test
  void whatRfc9113ForbidsInAHeadResetsTheStreamAlone() throws IOException {
    List<String[]> heads = new ArrayList<>();
    for (String name :
        List.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade")) {
      heads.add(H2Wire.head("GET", "/health", name, "x"));
    }
    heads.add(H2Wire.head("GET", "/health", "te", "gzip"));
    heads.add(H2Wire.head("GET", "/health", "Upper", "x"));
    heads.add(H2Wire.head("GET", "/health", "", "x"));
    heads.add(H2Wire.head("GET", "/health", ":method", "GET"));
    heads.add(H2Wire.head("GET", "/health", ":status", "200"));
    heads.add(H2Wire.head("GET", "/health", ":new", "x"));
    heads.add(H2Wire.head("GET", "/health", "content-length", "1"));
    heads.add(H2Wire.head("GET", "/health", "content-length", "+0"));
    heads.add(H2Wire.head("GET", "/health", "content-length", "0", "content-length", "1"));
    heads.add(H2Wire.head("GET", ""));
    heads.add(new String[] {"a", "b", ":method", "GET", ":scheme", "http", ":path", "/health"});
    heads.add(new String[] {":scheme", "http", ":path", "/health", ":authority", "localhost"});
    heads.add(new String[] {":method", "GET", ":path", "/health", ":authority", "localhost"});
    heads.add(new String[] {":method", "GET", ":scheme", "http", ":authority", "localhost"});
    try (H2Client client = client()) {
      for (String[] head : heads) {
        assertEquals(H2Wire.PROTOCOL_ERROR, client.askInVain(head), () -> String.join(" ", head));
      }
      assertEquals(200, client.get("/health").status());
    }
  }

  @Test
  void controlCharactersInAHeadAreRefused() throws IOException {
    try (H2Client client = client()) {
      for (String value : List.of("a\0b", "a\rb", "a\nb", "a\u001fb", "\u007f", " a")) {
        long code = client.askInVain(H2Wire.head("GET", "/health", "x", value));
        assertEquals(H2Wire.PROTOCOL_ERROR, code);
      }
      assertEquals(200, client.get("/health", "x", "a\tb").status());
    }
  }

  @Test
  void aHeadOutOfBoundsIsRefused() throws IOException {
    try (H2Client client = client()) {
      List<String> many = new ArrayList<>();
      for (int i = 0; i < 97; i++) {
        many.addAll(List.of("x-" + i, "y"));
      }
      assertEquals("HEADERS_TOO_LARGE", client.get("/health", many.toArray(String[]::new)).code());
      many = many.subList(2, many.size());
      assertEquals(200, client.get("/health", many.toArray(String[]::new)).status());
      assertEquals("URI_TOO_LONG", client.get("/" + "x".repeat(8_192)).code());
      assertEquals("HEADERS_TOO_LARGE", client.get("/health", "x", "y".repeat(16_300)).code());
      assertEquals(200, client.get("/health", "x", "y".repeat(8_000)).status());
    }
  }

  @Test
  void aBodyThatIsNotAsLongAsItSaidResetsTheStream() throws IOException {
    try (H2Client client = client()) {
      for (String length : List.of("1", "1000")) {
        int stream = client.open();
        client.send(client.wire.post(stream, "/v1/check", CHECK, "content-length", length));
        assertEquals(H2Wire.PROTOCOL_ERROR, client.reset(stream));
      }
      String length = String.valueOf(CHECK.length());
      assertEquals(200, client.post("/v1/check", CHECK, "content-length", length).status());
    }
  }

  @Test
  void aBodyOverTheBoundIsAnsweredAndReadNoFurther() throws IOException {
    try (H2Client client = client()) {
      int announced = client.open();
      client.send(
          client.wire.headers(
              announced, false, H2Wire.head("POST", "/v1/check", "content-length", "65537")));
      assertEquals("BODY_TOO_LARGE", client.answer(announced).code());
      assertEquals(H2Wire.NO_ERROR, client.reset(announced));
      int silent = client.open();
      client.send(client.wire.headers(silent, false, H2Wire.head("POST", "/v1/check")));
      H2Upload upload = new H2Upload(client, silent, "x".repeat(200_000));
      client.readUntil(() -> !upload.goOn() && client.wire.stream(silent).ended);
      assertEquals("BODY_TOO_LARGE", client.answer(silent).code());
      assertEquals(H2Wire.NO_ERROR, client.reset(silent));
      assertEquals(200, client.get("/health").status());
    }
  }

  @Test
  void longBodiesTakeTurnsAndAllAreRead() throws IOException {
    String padding = " ".repeat(1024 * 1024 - CHECK.length() - 20);
    try (H2Client client = client()) {
      List<H2Upload> uploads = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        int stream = client.open();
        client.send(client.wire.headers(stream, false, H2Wire.head("POST", "/v1/check:batch")));
        uploads.add(new H2Upload(client, stream, "{\"checks\":[" + CHECK + "]" + padding + "}"));
      }
      client.readUntil(() -> uploads.stream().filter(H2Upload::goOn).count() == uploads.size());
      for (H2Upload upload : uploads) {
        assertEquals(200, client.answer(upload.stream()).status());
      }
    }
  }

  @Test
  void moreThanTheWindowIsRefused() throws IOException {
    try (H2Client client = client()) {
      assertEquals(200, client.get("/health").status());
      int[] streams = {client.open(), client.open(), client.open()};
      for (int stream : streams) {
        client.send(client.wire.headers(stream, false, H2Wire.head("POST", "/v1/check")));
        client.send(H2Wire.data(stream, false, "x".repeat(H2Wire.MOST_FRAME)));
      }
      // The first two have their turn; the third was not told of more room.
      client.send(H2Wire.data(streams[2], false, "x"));
      assertEquals(H2Wire.FLOW_CONTROL_ERROR, client.reset(streams[2]));
      client.send(H2Wire.data(streams[1], false, "x"), H2Wire.data(streams[1], true, "x"));
      assertEquals("INVALID_JSON", client.answer(streams[1]).code());
    }
  }

  @Test
  void the129thStreamIsRefusedAndMayBeTriedAgain() throws IOException {
    try (H2Client client = client()) {
      List<Integer> open = new ArrayList<>();
      for (int i = 0; i < H2Bounds.MOST_STREAMS; i++) {
        open.add(client.open());
        client.send(client.wire.headers(open.getLast(), false, H2Wire.head("POST", "/v1/check")));
      }
      assertEquals(H2Wire.REFUSED_STREAM, client.askInVain(H2Wire.head("GET", "/health")));
      for (int stream : open) {
        assertEquals(200, client.send(H2Wire.data(stream, true, CHECK)).answer(stream).status());
      }
      assertEquals(200, client.get("/health").status());
    }
  }

  @Test
  void aFloodOfResetsEndsTheConnection() throws IOException {
    try (H2Client client = client()) {
      for (int i = 0; i < 200; i++) {
        int stream = client.open();
        client.send(
            client.wire.headers(stream, false, H2Wire.head("POST", "/v1/check")),
            H2Wire.reset(stream));
      }
      assertEquals(200, client.get("/health").status());
      int last = client.open();
      client.send(
          client.wire.headers(last, false, H2Wire.head("POST", "/v1/check")), H2Wire.reset(last));
      ends(client, H2Wire.ENHANCE_YOUR_CALM);
    }
  }

  @Test
  void aFloodOfResetsThatWeAreMadeToSendEndsTheConnection() throws IOException {
    try (H2Client client = client()) {
      for (int i = 0; i < 201; i++) {
        int stream = client.open();
        client.send(
            client.wire.headers(stream, false, H2Wire.head("POST", "/v1/check")),
            H2Wire.windowUpdate(stream, 0));
      }
      ends(client, H2Wire.ENHANCE_YOUR_CALM);
    }
  }

  /** Heads of answers fill no window; but a stream is open until its answer has left. */
  @Test
  void aFloodOfRequestsWhoseAnswersNobodyReadsEndsTheConnection() throws IOException {
    byte[][] heads = new byte[1_000][];
    try (H2Client client = H2Client.narrowTo(door.door.httpPort())) {
      assertThrows(
          SocketException.class,
          () -> {
            for (int i = 0; i < 1_000; i++) {
              for (int k = 0; k < heads.length; k++) {
                heads[k] = client.wire.headers(client.open(), true, H2Wire.head("HEAD", "/health"));
              }
              client.send(heads);
            }
          });
    }
    othersAreAnswered();
  }

  @Test
  void aFloodOfEmptyFramesEndsTheConnection() throws IOException {
    try (H2Client client = client()) {
      int stream = client.open();
      client.send(client.wire.headers(stream, false, H2Wire.head("POST", "/v1/check")));
      for (int i = 0; i < 9; i++) {
        client.send(H2Wire.data(stream, false, ""));
      }
      ends(client, H2Wire.ENHANCE_YOUR_CALM);
    }
  }

  @Test
  void aFloodOfPiecesOfAHeadEndsTheConnection() throws IOException {
    try (H2Client client = client()) {
      client.send(H2Wire.frame(H2Wire.HEADERS, 0, 1, client.wire.block("x", "y")));
      for (int i = 0; i < 17; i++) {
        client.send(H2Wire.frame(H2Wire.CONTINUATION, 0, 1, client.wire.block("x", "y")));
      }
      ends(client, H2Wire.ENHANCE_YOUR_CALM);
    }
  }

  @Test
  void aFloodOfSettingsEndsTheConnection() throws IOException {
    try (H2Client client = client()) {
      for (int i = 0; i < 100; i++) {
        client.send(H2Wire.settings(H2Wire.INITIAL_WINDOW_SIZE, i));
      }
      ends(client, H2Wire.ENHANCE_YOUR_CALM);
    }
  }

  @Test
  void aFloodOfPingsWhoseAnswersNobodyReadsEndsTheConnection() throws IOException {
    byte[][] pings = new byte[1_000][];
    for (int i = 0; i < pings.length; i++) {
      pings[i] = H2Wire.ping(i);
    }
    byte[] many = H2Wire.join(pings);
    try (H2Client client = H2Client.narrowTo(door.door.httpPort())) {
      assertThrows(
          SocketException.class,
          () -> {
            // Far more than the systems' buffers between two ends of a loopback connection hold.
            for (int i = 0; i < 100_000; i++) {
              client.send(many);
            }
          });
    }
    othersAreAnswered();
  }

  @Test
  void wrongBytesEndTheConnection() throws IOException {
    try (H2Client client = client()) {
      client.send(H2Wire.frame(H2Wire.DATA, 0, 1, new byte[1]));
      ends(client, H2Wire.PROTOCOL_ERROR);
    }
    try (H2Client client = client()) {
      client.send(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0, 0, 0, 0, 0, 1});
      ends(client, H2Wire.FRAME_SIZE_ERROR);
    }
    try (Client raw = door.client()) {
      raw.send(H2Wire.join(H2Wire.preface(), H2Wire.ping(1)));
      assertTrue(raw.readAll().length > 0);
    }
    othersAreAnswered();
  }

  @Test
  void aClientThatGivesNoRoomMakesUsHoldAFewAnswersOnly() throws IOException {
    String checks = (CHECK.replace("\"cost\":0", "\"cost\":1") + ",").repeat(1_000);
    String batch = "{\"checks\":[" + checks.substring(0, checks.length() - 1) + "]}";
    try (TestDoor roomy =
            TestDoor.over(NamespaceSpec.of("n", List.of(TestDoor.perMinute(1_000_000))));
        H2Client other = H2Client.to(roomy.door.httpPort());
        H2Client client = H2Client.to(roomy.door.httpPort(), H2Wire.INITIAL_WINDOW_SIZE, 0)) {
      List<H2Upload> uploads = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        int stream = client.open();
        client.send(client.wire.headers(stream, false, H2Wire.head("POST", "/v1/check:batch")));
        uploads.add(new H2Upload(client, stream, batch));
      }
      // Each answer is some 380 KB: three may wait, two more requests are whole and wait.
      client.readUntil(() -> uploads.stream().filter(H2Upload::goOn).count() >= 5);
      long remaining = remaining(other);
      assertEquals(1_000_000 - 3_000, remaining);
      client.send(H2Wire.settings(H2Wire.INITIAL_WINDOW_SIZE, 10_000_000));
      client.send(H2Wire.windowUpdate(0, 1_000_000_000));
      client.neverMakeRoom();
      client.readUntil(() -> uploads.stream().filter(H2Upload::goOn).count() == uploads.size());
      for (H2Upload upload : uploads) {
        assertEquals(200, client.answer(upload.stream()).status());
      }
      assertEquals(980_000, remaining(other));
    }
  }

  private static long remaining(H2Client client) throws IOException {
    Object remaining = client.post("/v1/check", CHECK).json().get("remaining");
    return Long.parseLong(String.valueOf(remaining));
  }
}
