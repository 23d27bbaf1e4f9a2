package io.tollgate.server.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.openapi.Tree;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** {@code recipes/back-pressure} as its page says, and what it promises on bad days. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class BackPressureIT {

  private static final String NAME = "back-pressure";

  private static final String CALLEE = "service:orders";

  /** As limits.yaml says. */
  private static final long LEAST = 5;

  private static final long MOST = 200;

  /** What an adaptive limit begins with. */
  private static final int FIRST = 20;

  /** As orders.py says: so many calls at once, and what each of them takes. */
  private static final int WORKERS = 4;

  private static final int USUAL_MS = 80;

  /** Longer than any test. */
  private static final int FOR_EVER_MS = 600_000;

  /** As server.py says: what a call waits for, and how long its lease lasts. */
  private static final int DEADLINE_MS = 300;

  private static final int TTL_MS = 2 * DEADLINE_MS + 1000;

  /** So much time that no call is given up. */
  private static final String PATIENT = "--deadline=20";

  private static final String CLOSED = "--on-failure=closed";

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

  private Recipe shop(String... arguments) throws Exception {
    Recipe recipe = shared.beside(folder);
    List<String> all = new ArrayList<>(List.of(name(recipe)));
    all.addAll(List.of(arguments));
    recipe.startServer(all.toArray(String[]::new));
    return recipe;
  }

  private static String name(Recipe recipe) {
    return "--name=" + recipe.user(CALLEE);
  }

  private record Said(int status, Tree body, String retryAfter, long millis) {}

  private HttpResponse<String> send(String uri, String method) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri));
    return client.send(
        request.method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofString());
  }

  private Said ask(Recipe recipe, String order) throws Exception {
    long begun = System.nanoTime();
    HttpResponse<String> answer = send("http://127.0.0.1:" + recipe.port() + "/" + order, "GET");
    return new Said(
        answer.statusCode(),
        Tree.json(answer.body()),
        answer.headers().firstValue("Retry-After").orElse(""),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
  }

  /** All answers to so many calls at once. */
  private List<Said> wave(Recipe recipe, String order, int calls) throws Exception {
    List<Said> said = new ArrayList<>();
    Callable<Said> call = () -> ask(recipe, order);
    for (Future<Said> one : threads.invokeAll(Collections.nCopies(calls, call))) {
      said.add(one.get());
    }
    return said;
  }

  private static long count(List<Said> said, int status) {
    return said.stream().filter(one -> one.status() == status).count();
  }

  private String orders(Recipe recipe) throws Exception {
    return ask(recipe, "").body().at("orders").text();
  }

  /** From now on an order takes so long, and fails or not. */
  private void change(Recipe recipe, int millis, boolean fails) throws Exception {
    String query = "/?ms=" + millis + "&fails=" + (fails ? 1 : 0);
    assertEquals(200, send(orders(recipe) + query, "POST").statusCode());
  }

  /** A figure of the callee's. */
  private long seen(Recipe recipe, String figure) throws Exception {
    return units(Tree.json(send(orders(recipe) + "/", "GET").body()), figure);
  }

  /** What is in force of the callee's limit. */
  private static Tree limit(Recipe recipe) throws Exception {
    return recipe.peek("/v1/leases", "services", recipe.user(CALLEE)).items("limits").getFirst();
  }

  private static long units(Tree limit, String field) {
    return Long.parseLong(String.valueOf(limit.at(field).value()));
  }

  private static long number(Recipe recipe) throws Exception {
    return units(limit(recipe), "limit");
  }

  private static long held(Recipe recipe) throws Exception {
    Tree limit = limit(recipe);
    return units(limit, "limit") - units(limit, "remaining");
  }

  @Test
  void theProgramsPrintWhatThePageShowsWithTollgateAndWithout() throws Exception {
    try (Recipe with = shop();
        Recipe without = shop("--without")) {
      Future<List<String>> beside = threads.submit(() -> without.printsWhatItsPageShows("http", 1));
      List<String> lines = with.printsWhatItsPageShows("http", 0);
      assertEquals(beside.get().size(), lines.size());
      assertEquals("", with.server().err());
      assertEquals("", without.server().err());
    }
  }

  @Test
  void aCalleeThatHangsIsAskedByFewAndTheOthersKnowAtOnceUntilItIsWellAgain() throws Exception {
    try (Recipe recipe = shop()) {
      change(recipe, FOR_EVER_MS, false);
      long calls = fallsToTheLeast(recipe, 504);
      long begun = System.nanoTime();
      List<Said> said = wave(recipe, "7", 40);
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      List<Said> denied = said.stream().filter(one -> one.status() == 503).toList();
      assertEquals(40, count(said, 504) + denied.size());
      long most = LEAST * (1 + took.toMillis() / DEADLINE_MS);
      assertTrue(count(said, 504) <= most, () -> count(said, 504) + " in " + took);
      assertEquals(calls + count(said, 504), seen(recipe, "calls"));
      for (Said one : denied) {
        assertEquals("CONCURRENCY_EXCEEDED", one.body().at("error").text());
        assertEquals(LEAST, one.body().at("number").value());
        int wait = Integer.parseInt(one.retryAfter());
        assertTrue(wait >= 1 && wait <= TTL_MS / 1000 + 1, () -> wait + " s");
      }
      long typical = denied.stream().map(Said::millis).sorted().toList().get(denied.size() / 2);
      assertTrue(typical < DEADLINE_MS, () -> typical + " ms until a denial");

      change(recipe, USUAL_MS, false);
      Recipe.await("what was given up has ended", () -> seen(recipe, "here") == 0);
      Recipe.await(
          "the number grows",
          () -> {
            assertEquals(WORKERS, count(wave(recipe, "7", WORKERS), 200));
            return number(recipe) > LEAST;
          });
      assertEquals(0, held(recipe));
    }
  }

  /** Calls until the number is at its least, a few dozens; answers how many reached the callee. */
  private long fallsToTheLeast(Recipe recipe, int status) throws Exception {
    assertEquals(FIRST, number(recipe));
    List<Said> said = new ArrayList<>();
    for (int waves = 0; waves < 3 && number(recipe) > LEAST; waves++) {
      said.addAll(wave(recipe, "7", FIRST));
    }
    assertEquals(LEAST, number(recipe), said::toString);
    assertEquals(said.size(), count(said, status) + count(said, 503));
    assertEquals(count(said, status), seen(recipe, "calls"));
    return count(said, status);
  }

  @Test
  void aCalleeThatFailsIsAskedByFewAtOnceAndACallThatIsWrongSaysNothing() throws Exception {
    try (Recipe recipe = shop(PATIENT)) {
      for (int waves = 0; waves < 3; waves++) {
        assertEquals(WORKERS, count(wave(recipe, "none", WORKERS), 404));
      }
      assertEquals(FIRST, number(recipe));
      change(recipe, USUAL_MS, true);
      long calls = fallsToTheLeast(recipe, 502);
      change(recipe, USUAL_MS, true);
      List<Said> said = wave(recipe, "7", 40);
      assertEquals(40, count(said, 502) + count(said, 503));
      assertEquals(calls + count(said, 502), seen(recipe, "calls"));
      assertTrue(seen(recipe, "most") <= LEAST);
    }
  }

  @Test
  void moreCallsThanTheCalleeBearsDoNotWaitLongAndNeverAreMoreThanTheNumberAtOnce()
      throws Exception {
    try (Recipe with = shop(PATIENT);
        Recipe without = shop(PATIENT, "--without")) {
      int calls = 3 * FIRST;
      long slowest = longest(wave(without, "7", calls), 200);
      assertTrue(seen(without, "most") > FIRST, "without Tollgate all are there");
      assertEquals(calls, seen(without, "calls"));

      change(with, 5, false);
      usually(with);
      change(with, USUAL_MS, false);
      long before = number(with);
      List<Long> numbers = new ArrayList<>(List.of(before));
      Recipe.await(
          "the number falls",
          () -> {
            change(with, USUAL_MS, false);
            long from = number(with);
            List<Said> said = wave(with, "7", calls);
            long to = number(with);
            numbers.add(to);
            assertEquals(calls, count(said, 200) + count(said, 503));
            assertTrue(seen(with, "most") <= Math.max(from, to), numbers::toString);
            assertTrue(longest(said, 200) < slowest, () -> said + " against " + slowest);
            return to < before;
          });
      assertTrue(numbers.stream().allMatch(n -> n >= LEAST && n <= MOST), numbers::toString);
      assertEquals(0, held(with));
    }
  }

  /** Lets Tollgate see, for two windows of a second, how long calls take that do not wait. */
  private void usually(Recipe recipe) throws Exception {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2100);
    while (System.nanoTime() < end) {
      assertEquals(2, count(wave(recipe, "7", 2), 200));
    }
  }

  private static long longest(List<Said> said, int status) {
    return said.stream()
        .filter(one -> one.status() == status)
        .mapToLong(Said::millis)
        .max()
        .orElseThrow();
  }

  @Test
  void aShopThatIsKilledLeavesItsLeasesUntilTheirTimeIsOver() throws Exception {
    try (Recipe recipe = shop()) {
      change(recipe, FOR_EVER_MS, false);
      List<Future<Said>> lost = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        lost.add(threads.submit(() -> ask(recipe, "7")));
      }
      Recipe.await("calls under way", () -> seen(recipe, "here") == WORKERS);
      recipe.server().kill();
      var _ = recipe.server().exitCode();
      long begun = System.nanoTime();
      assertEquals(WORKERS, held(recipe));
      for (Future<Said> one : lost) {
        assertThrows(ExecutionException.class, one::get);
      }
      Recipe.await("room after the leases' time", () -> held(recipe) == 0);
      long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      assertTrue(took < TTL_MS + Recipe.MOST.toMillis(), () -> took + " ms");
    }
  }

  @Test
  void whileTollgateIsAwayCallsGoOnWithoutALimitOrNoneDoes() throws Exception {
    try (Recipe recipe = shop(CLOSED, PATIENT, Recipe.SOON)) {
      recipe.hangTollgate();
      always(recipe, 503);
      assertEquals(0, seen(recipe, "calls"));

      recipe.startServer(name(recipe), PATIENT, Recipe.SOON);
      always(recipe, 200);
      recipe.stopTollgate();
      always(recipe, 200);
      change(recipe, USUAL_MS, false);
      assertEquals(2 * FIRST, count(wave(recipe, "7", 2 * FIRST), 200));
      assertTrue(seen(recipe, "most") > FIRST, "without a limit");

      recipe.startServer(name(recipe), CLOSED, PATIENT, Recipe.SOON);
      always(recipe, 503);
      assertEquals(0, seen(recipe, "calls"));
      recipe.startTollgate();
      Recipe.await("calls pass", () -> ask(recipe, "7").status() == 200);
      change(recipe, USUAL_MS, false);
      Recipe.await("the limit holds", () -> count(wave(recipe, "7", 3 * FIRST), 503) > 0);
      assertTrue(seen(recipe, "most") <= number(recipe));
    }
  }

  private void always(Recipe recipe, int status) throws Exception {
    change(recipe, 5, false);
    long begun = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      Said said = ask(recipe, "7");
      assertEquals(status, said.status(), said::toString);
      assertEquals(status == 503 ? "1" : "", said.retryAfter());
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    assertTrue(took.compareTo(Recipe.MOST) < 0, took::toString);
  }
}
