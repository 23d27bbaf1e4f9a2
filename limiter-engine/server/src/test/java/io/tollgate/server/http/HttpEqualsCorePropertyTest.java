package io.tollgate.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.check.HoldIds;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.store.MemoryStoreConfig;
import io.tollgate.limiter.store.MemoryStoreConfig.WhenFull;
import io.tollgate.limiter.store.Store;
import io.tollgate.server.http.Twin.Call;
import io.tollgate.server.limits.LimitsInForce;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.jspecify.annotations.Nullable;

/**
 * Whatever is asked over HTTP, in whatever pieces the bytes arrive, is answered as the core answers
 * it: field by field, header by header.
 */
class HttpEqualsCorePropertyTest {

  private static final AtomicLong MICROS = new AtomicLong();
  private static final LimitsInForce LIMITS = TestDoor.limits(Stories.namespaces());
  private static final FreshStore STORE = new FreshStore();
  private static final CountedIds IDS = new CountedIds();
  private static final HttpDoor DOOR = open();
  private static final Client CLIENT = connect();

  /** Says every refund and reset; the library forgets a level that nobody holds. */
  private static final Logger SAYS_REFUNDS = quiet();

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  /** Ids that two sides can know before either has given them. */
  private static final class CountedIds implements HoldIds {

    private long last;

    @Override
    public HoldId next() {
      last++;
      return new HoldId(last * 0x9E3779B97F4A7C15L, -last);
    }

    void begin() {
      last = 0;
    }
  }

  /** A call that is under way. */
  private record Sent(Call call, String requestId) {}

  private static Limiter limiter(Store store, HoldIds ids) {
    return new Limiter(_ -> LIMITS.catalog(), store, new KeyHasher(1, 2), ids);
  }

  private static Logger quiet() {
    Logger logger = Logger.getLogger(StateCalls.class.getName());
    logger.setLevel(Level.WARNING);
    return logger;
  }

  /** Small, for it is made anew for every story; evicts the same of the same. */
  private static Store memory() {
    return new MemoryStore(MICROS::get, new MemoryStoreConfig(4_096, 1 << 20, WhenFull.EVICT));
  }

  private static HttpDoor open() {
    try {
      InstantSource clock = () -> Instant.ofEpochMilli(MICROS.get() / 1_000);
      return HttpDoor.open(
          TestDoor.options("127.0.0.1", 0, 0, Optional.empty()),
          TestDoor.parts(limiter(STORE, IDS), LIMITS, () -> Readiness.of(true), clock));
    } catch (IOException e) {
      throw new UncheckedIOException("opening a door", e);
    }
  }

  private static Client connect() {
    try {
      return new Client(DOOR.httpPort());
    } catch (IOException e) {
      throw new UncheckedIOException("connecting", e);
    }
  }

  @AfterContainer
  static void close() throws IOException {
    CLIENT.close();
    DOOR.close();
    LIMITS.close();
    SAYS_REFUNDS.setLevel(null);
  }

  @Provide
  Arbitrary<List<Story>> stories() {
    return Stories.any();
  }

  @Property(tries = 200)
  void everyCallIsAnsweredAsTheCoreAnswersIt(
      @ForAll("stories") List<Story> stories, @ForAll long seed) throws IOException {
    Random random = new Random(seed);
    MICROS.set(TestDoor.START.getEpochSecond() * 1_000_000 + random.nextInt(5_000_000));
    STORE.begin(memory());
    IDS.begin();
    Twin twin = new Twin(limiter(memory(), new CountedIds()));
    List<Sent> open = new ArrayList<>();
    StringBuilder bytes = new StringBuilder();
    for (Story step : stories) {
      if (step instanceof Story.Pass(long micros)) {
        exchange(bytes, open, random);
        MICROS.addAndGet(micros);
      } else {
        Sent sent = new Sent(twin.take(step), random.nextBoolean() ? "" : "r-" + open.size());
        bytes.append(request(sent, random));
        open.add(sent);
      }
    }
    exchange(bytes, open, random);
  }

  private static String request(Sent sent, Random random) {
    List<String> headers = new ArrayList<>();
    if (sent.call.prefers()) {
      headers.add("Prefer: status=decision");
    }
    if (!sent.requestId.isEmpty()) {
      headers.add("X-Request-Id: " + sent.requestId);
    }
    String[] lines = headers.toArray(String[]::new);
    String json = sent.call.json();
    return random.nextInt(4) == 0
        ? chunked(sent.call.path(), json, lines, random)
        : Client.post(sent.call.path(), json, lines);
  }

  private static String chunked(String path, String json, String[] headers, Random random) {
    StringBuilder out = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n");
    Arrays.stream(headers).forEach(line -> out.append(line).append("\r\n"));
    out.append("Transfer-Encoding: chunked\r\n\r\n");
    String rest = json;
    while (!rest.isEmpty()) {
      int points = 1 + random.nextInt(rest.codePointCount(0, rest.length()));
      int size = rest.offsetByCodePoints(0, points);
      String chunk = rest.substring(0, size);
      out.append(Integer.toHexString(chunk.getBytes(UTF_8).length)).append("\r\n");
      out.append(chunk).append("\r\n");
      rest = rest.substring(size);
    }
    return out.append("0\r\n\r\n").toString();
  }

  /** Sends what has gathered in pieces of any size, and compares every answer. */
  private static void exchange(StringBuilder bytes, List<Sent> open, Random random)
      throws IOException {
    byte[] all = bytes.toString().getBytes(UTF_8);
    for (int from = 0; from < all.length; ) {
      int size = random.nextBoolean() ? all.length : 1 + random.nextInt(200);
      int to = Math.min(all.length, from + size);
      CLIENT.send(Arrays.copyOfRange(all, from, to));
      from = to;
    }
    for (Sent sent : open) {
      compare(sent, CLIENT.read());
    }
    bytes.setLength(0);
    open.clear();
  }

  private static void compare(Sent sent, Answer answer) {
    Call call = sent.call;
    Supplier<String> about = () -> call + " was answered by " + answer;
    assertEquals(call.status(), answer.status(), about);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", "application/json");
    headers.put("content-length", Integer.toString(answer.body().getBytes(UTF_8).length));
    headers.put("cache-control", "no-store");
    headers.put("date", DATE.format(Instant.ofEpochMilli(MICROS.get() / 1_000)));
    headers.put("x-request-id", requestId(sent, answer));
    headers.putAll(call.headers());
    assertEquals(headers, answer.headers(), about);
    assertEquals(expected(sent, answer), known(answer.json()), about);
  }

  private static String requestId(Sent sent, Answer answer) {
    String id = answer.header("X-Request-Id");
    if (sent.requestId.isEmpty()) {
      requireUlid("req_", id);
      return id;
    }
    return sent.requestId;
  }

  private static Map<String, @Nullable Object> expected(Sent sent, Answer answer) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>(sent.call.said());
    if (answer.header("Content-Type").equals("application/problem+json")) {
      body.put("request_id", answer.header("X-Request-Id"));
      body.put("title", "*");
      body.put("detail", "*");
    }
    return body;
  }

  /** The body, with a star for what is known only to be there. */
  private static Map<String, @Nullable Object> known(Map<String, ? extends @Nullable Object> body) {
    Map<String, @Nullable Object> known = new LinkedHashMap<>();
    body.forEach((name, value) -> known.put(name, known(name, value)));
    return known;
  }

  private static @Nullable Object known(String name, @Nullable Object value) {
    return switch (name) {
      case "decision_id" -> {
        requireUlid("dec_", String.valueOf(value));
        yield Expected.ANY_DECISION;
      }
      case "title", "detail" -> {
        assertFalse(String.valueOf(value).isBlank());
        yield "*";
      }
      case "results" ->
          ((List<?>) requireNonNull(value))
              .stream().map(HttpEqualsCorePropertyTest::result).toList();
      default -> value;
    };
  }

  private static Object result(Object result) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    ((Map<?, ?>) result).forEach((name, value) -> body.put(String.valueOf(name), value));
    return known(body);
  }

  /** A ULID begins with the time in milliseconds, in ten digits of base 32. */
  private static void requireUlid(String prefix, String id) {
    assertTrue(id.matches(prefix + "[0-7][0-9A-HJKMNP-TV-Z]{25}"), id);
    long millis = 0;
    for (char digit : id.substring(4, 14).toCharArray()) {
      millis = millis * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".indexOf(digit);
    }
    assertEquals(MICROS.get() / 1_000, millis, id);
  }
}
