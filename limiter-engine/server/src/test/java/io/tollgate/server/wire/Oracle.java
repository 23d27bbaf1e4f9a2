package io.tollgate.server.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.tollgate.server.Markdown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a server may answer to a stream of requests, whole or damaged.
 *
 * <p>Each request that is beyond doubt gets its own answer in its turn, or the server refuses and
 * closes; what is odd is refused and closed; behind a close nothing is answered.
 */
public final class Oracle {

  private static final JsonFactory STRICT =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final Pattern CODE = Pattern.compile("\"code\":\"([A-Z_0-9]+)\"");

  /**
   * What a decision may say, and what the documentation lists of refusals of the client's fault.
   */
  private static final Set<String> CODES =
      Pattern.compile("(?m)^`([A-Z_0-9]+)`, ([45]..)\\.")
          .matcher(Markdown.page("docs/errors.md").text())
          .results()
          .filter(m -> m.group(2).startsWith("4") || m.group(2).equals("505"))
          .map(m -> m.group(1))
          .collect(Collectors.toUnmodifiableSet());

  private static final Set<String> DENIALS = Set.of("RATE_LIMITED", "CONCURRENCY_EXCEEDED");

  private Oracle() {}

  /**
   * Holds the answers against the requests.
   *
   * @throws AssertionError saying what should not be
   */
  public static void require(Reading reading, List<Said> answers) {
    List<Reading.Seen> asked = reading.requests();
    for (int i = 0; i < answers.size(); i++) {
      Said said = answers.get(i);
      requireWellFormed(said);
      boolean last = i == answers.size() - 1;
      require(last || !said.closes(), "something follows a close", said);
      if (i < asked.size()) {
        requireOwn(asked.get(i), said);
      } else {
        require(i == asked.size() && reading.end() != Reading.End.CLEAN, "nobody asked", said);
        boolean refused = said.status() >= 400 && said.closes();
        require(refused, "should have been refused: " + reading.why(), said);
      }
    }
    boolean all = answers.size() >= asked.size();
    boolean closed = !answers.isEmpty() && answers.getLast().closes();
    if (!all && !closed) {
      throw new AssertionError(
          "only " + answers.size() + " of " + asked.size() + " requests were answered");
    }
  }

  /** Who refuses and closes may not have read the id yet; nobody is ever answered by another's. */
  private static void requireOwn(Reading.Seen asked, Said said) {
    List<String> ids = asked.ids();
    String told = said.header("x-request-id");
    boolean harmless = !ids.isEmpty() && ids.getLast().matches("[A-Za-z0-9._:~+/=@-]{1,128}");
    boolean unread = said.status() >= 400 && said.closes();
    boolean own = unread ? ids.contains(told) : harmless && told.equals(ids.getLast());
    boolean made = told.startsWith("req_") && (!harmless || unread);
    require(own || made, "the answer should belong to " + ids, said);
  }

  private static void requireWellFormed(Said said) {
    int status = said.status();
    boolean known =
        status == 200 || status == 204 || (status >= 400 && status < 500) || status == 505;
    require(known, "status", said);
    String type = said.header("content-type");
    if (said.body().isEmpty()) {
      return;
    }
    requireJson(said);
    if (type.equals("application/problem+json")) {
      Matcher code = CODE.matcher(said.body());
      require(code.find(), "no code", said);
      String name = code.group(1);
      require(CODES.contains(name) || DENIALS.contains(name), "code", said);
    } else {
      require(status == 200 && type.equals("application/json"), "content type", said);
    }
  }

  private static void requireJson(Said said) {
    byte[] bytes = said.body().getBytes(StandardCharsets.ISO_8859_1);
    try (JsonParser json = STRICT.createParser(bytes)) {
      while (json.nextToken() != null) {
        json.getText();
      }
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + said, e);
    }
  }

  private static void require(boolean holds, String what, Said said) {
    if (!holds) {
      throw new AssertionError(what + ": " + said);
    }
  }
}
