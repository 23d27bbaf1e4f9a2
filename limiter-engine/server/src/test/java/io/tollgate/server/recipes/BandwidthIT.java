package io.tollgate.server.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.openapi.Tree;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** {@code recipes/bandwidth} as its page says, and what it promises on bad days. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class BandwidthIT {

  private static final String NAME = "bandwidth";

  /** As limits.yaml says, in bytes and bytes a second. */
  private static final long BURST = 131_072;

  private static final long RATE = 1_000_000;

  /** As server.py says, of a download while nobody is asked. */
  private static final long ALONE = 100_000;

  private static final int CHUNK = 65_536;

  /** Small enough to end soon, large enough to be held back. */
  private static final int SIZE = 600_000;

  private static Recipe shared;

  @TempDir private static Path sharedFolder;
  @TempDir private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @BeforeAll
  static void startTollgate() throws Exception {
    shared = Recipe.toShare(sharedFolder, NAME);
  }

  @AfterAll
  static void stopTollgate() {
    shared.close();
  }

  @AfterEach
  void end() {
    threads.shutdownNow();
    client.shutdownNow();
  }

  private HttpResponse<InputStream> ask(Recipe recipe, String user, int size) throws Exception {
    URI uri =
        URI.create(
            "http://127.0.0.1:" + recipe.port() + "/" + recipe.user(user) + "?bytes=" + size);
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofInputStream());
  }

  /** So many bytes had been received by then. */
  private record Seen(long nanos, long bytes) {}

  private List<Seen> download(Recipe recipe, String user, int size) throws Exception {
    HttpResponse<InputStream> answer = ask(recipe, user, size);
    assertEquals(200, answer.statusCode());
    List<Seen> seen = new ArrayList<>();
    byte[] part = new byte[CHUNK];
    try (InputStream body = answer.body()) {
      for (int n = body.read(part); n >= 0; n = body.read(part)) {
        seen.add(new Seen(System.nanoTime(), n));
      }
    }
    assertEquals(size, seen.stream().mapToLong(Seen::bytes).sum());
    return seen;
  }

  /** A chunk that was asked about, as the server has written it; times in microseconds. */
  private record Asked(String user, long bytes, long before, long after, long delay) {

    static Asked of(String line) {
      Tree tree = Tree.json(line);
      return new Asked(
          String.valueOf(tree.at("user").value()),
          Long.parseLong(String.valueOf(tree.at("bytes").value())),
          micros(tree.at("before")),
          micros(tree.at("after")),
          micros(tree.at("wait")));
    }

    private static long micros(Tree seconds) {
      return new BigDecimal(String.valueOf(seconds.value())).movePointRight(6).longValue();
    }

    /** It was sent no sooner. */
    long earliest() {
      return before + delay;
    }

    /** What Tollgate has decided lets it be sent no later. */
    long latest() {
      return after + delay;
    }
  }

  @Test
  void theProgramsPrintWhatThePageShows() throws Exception {
    try (Recipe recipe = shared.share(folder)) {
      recipe.printsWhatItsPageShows("http");
      assertEquals("", recipe.server().err());
    }
  }

  @Test
  void noStretchOfTimeHasMoreBytesOfAUserThanTheLimitAndOthersAreNotSlowed() throws Exception {
    List<Asked> asked;
    try (Recipe recipe = shared.share(folder, "--trace")) {
      long begun = System.nanoTime();
      Callable<List<Seen>> one = () -> download(recipe, "ann", SIZE);
      Future<List<Seen>> first = threads.submit(one);
      Future<List<Seen>> second = threads.submit(one);
      Future<List<Seen>> other = threads.submit(() -> download(recipe, "bob", SIZE));
      List<Seen> received = new ArrayList<>(first.get());
      received.addAll(second.get());
      received.sort((a, b) -> Long.compare(a.nanos(), b.nanos()));
      assertReceived(begun, received);
      assertReceived(begun, other.get());
      recipe.server().terminate();
      asked = recipe.server().lines().stream().map(Asked::of).toList();
    }
    assertPaced(asked.stream().filter(a -> a.user().startsWith("ann")).toList(), 2 * SIZE);
    assertPaced(asked.stream().filter(a -> a.user().startsWith("bob")).toList(), SIZE);
  }

  /** What came through sockets is never more than burst and limit say since the beginning. */
  private static void assertReceived(long begun, List<Seen> received) {
    long bytes = 0;
    for (Seen seen : received) {
      bytes += seen.bytes();
      long most = BURST + RATE * (seen.nanos() - begun) / 1_000_000_000;
      assertTrue(bytes <= most, bytes + " of " + most);
    }
  }

  /** Nor is what was let go, in any stretch of time; and no chunk is held back for long. */
  private static void assertPaced(List<Asked> asked, long size) {
    assertEquals(size, asked.stream().mapToLong(Asked::bytes).sum());
    List<Asked> sent =
        asked.stream().sorted((a, b) -> Long.compare(a.latest(), b.latest())).toList();
    for (int i = 0; i < sent.size(); i++) {
      long bytes = 0;
      long from = Long.MAX_VALUE;
      for (int j = i; j < sent.size(); j++) {
        bytes += sent.get(j).bytes();
        from = Math.min(from, sent.get(j).earliest());
        long most = BURST + RATE * (sent.get(j).latest() - from) / 1_000_000;
        assertTrue(bytes <= most, bytes + " of " + most + ": " + sent);
      }
    }
    // At most one chunk of another download is before it, and the rest of the one that is sent.
    for (Asked chunk : sent) {
      assertTrue(chunk.delay() <= 3L * CHUNK * 1_000_000 / RATE, chunk::toString);
    }
  }

  @Test
  void aDownloadForWhichTheQueueHasNoRoomIsToldWhenToComeAgain() throws Exception {
    try (Recipe recipe = Recipe.changed(folder, NAME, "limit: 1000000", "limit: 1000")) {
      Tree filled =
          recipe.ask(
              "/v1/check",
              "{\"identifier\":\"ann\",\"namespace\":\"downloads\",\"cost\":%d}"
                  .formatted(BURST + 5_000));
      assertEquals(true, filled.at("allowed").value());
      HttpResponse<InputStream> denied = ask(recipe, "ann", CHUNK);
      assertEquals(429, denied.statusCode());
      int wait = Integer.parseInt(denied.headers().firstValue("Retry-After").orElse(""));
      assertTrue(wait > 60 && wait <= 66, () -> "in seconds: " + wait);
      var _ = download(recipe, "bob", CHUNK);
    }
  }

  @Test
  void whileTollgateIsAwayEachDownloadHasAPaceOfItsOwn() throws Exception {
    try (Recipe recipe = shared.share(folder, Recipe.SOON)) {
      recipe.hangTollgate();
      alone(recipe, 50_000);
      recipe.stopTollgate();
      alone(recipe, CHUNK + 10_000);
    }
  }

  private void alone(Recipe recipe, int size) throws Exception {
    long begun = System.nanoTime();
    var _ = download(recipe, "ann", size);
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    Duration least = Duration.ofMillis(size * 1000L / ALONE);
    assertTrue(took.compareTo(least) >= 0, () -> "too soon: " + took);
    assertTrue(took.minus(least).compareTo(Recipe.MOST) < 0, () -> "too late: " + took);
  }

  @Test
  void ifNothingMayPassWhileTollgateIsAwayWhatIsUnderWayWaitsForIt() throws Exception {
    try (Recipe recipe = shared.share(folder, "--on-failure=closed", Recipe.SOON)) {
      HttpResponse<InputStream> under = ask(recipe, "ann", SIZE);
      try (InputStream body = under.body()) {
        assertEquals(CHUNK, body.readNBytes(CHUNK).length);
        recipe.stopTollgate();
        HttpResponse<InputStream> refused = ask(recipe, "bob", SIZE);
        assertEquals(503, refused.statusCode());
        assertEquals("1", refused.headers().firstValue("Retry-After").orElse(""));
        recipe.startTollgate();
        assertEquals(SIZE - CHUNK, body.readAllBytes().length);
      }
    }
  }

  @Test
  void aServerThatIsKilledLeavesNothingBehind() throws Exception {
    try (Recipe recipe = shared.share(folder)) {
      HttpResponse<InputStream> under = ask(recipe, "ann", SIZE);
      try (InputStream body = under.body()) {
        assertEquals(CHUNK, body.readNBytes(CHUNK).length);
        recipe.server().kill();
        var _ = recipe.server().exitCode();
        assertFalse(readsAll(body));
      }
      recipe.startServer();
      Recipe.await("all is back", () -> recipe.remaining("/v1/check", "downloads") >= BURST);
      var _ = download(recipe, "ann", CHUNK);
    }
  }

  private static boolean readsAll(InputStream body) {
    try {
      return body.readAllBytes().length == SIZE - CHUNK;
    } catch (IOException ended) {
      return false;
    }
  }
}
