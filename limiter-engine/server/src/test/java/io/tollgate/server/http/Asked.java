package io.tollgate.server.http;

import io.tollgate.server.openapi.ApiDocument;
import io.tollgate.server.openapi.Operation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client has asked and not read yet, as far as that can be told from the bytes it sent.
 *
 * <p>A test that sends half requests or no HTTP at all is not followed from there on.
 */
final class Asked {

  private static final Pattern REQUEST =
      Pattern.compile("^([A-Z]+) (/[^ ?#%]*)[^ ]* HTTP/1[.][01]\r\n");
  private static final Pattern LINE = Pattern.compile(" HTTP/");

  private final Deque<Optional<Operation>> waiting = new ArrayDeque<>();
  private boolean lost;

  /** Notes what is sent; a text without a request line belongs to the request before it. */
  void sent(String text) {
    int lines = Math.toIntExact(LINE.matcher(text).results().count());
    Matcher request = REQUEST.matcher(text);
    if (lines == 1 && request.find()) {
      waiting.add(ApiDocument.get().operation(request.group(1), request.group(2)));
    } else if (lines > 0) {
      lost = true;
    }
  }

  /** Notes bytes, which may be the body of the request before them. */
  void raw(byte[] bytes) {
    lost |= LINE.matcher(new String(bytes, StandardCharsets.ISO_8859_1)).find();
  }

  /** What the next answer is for; empty when that is not known, or no operation. */
  Optional<Operation> next() {
    Optional<Operation> next = waiting.poll();
    return lost || next == null ? Optional.empty() : next;
  }
}
