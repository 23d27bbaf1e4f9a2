package io.tollgate.server.http;

import io.tollgate.server.http.AuthzHead.Name;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Says which endpoint a client wants of the application behind a gateway: {@code GET /orders/7}.
 *
 * <p>A path has many spellings that most applications take for the same. Here it has one: without
 * query, percent-encoding (but of slashes), empty and dot segments.
 */
final class AuthzEndpoint {

  private static final int MOST_METHOD = 32;

  private AuthzEndpoint() {}

  /**
   * Method and path; empty when nothing says the path.
   *
   * @param own the method by which the gateway asks, where it does not say another
   */
  static String of(AuthzHead head, String own) {
    String uri = one(head, Name.ORIGINAL_URI, Name.FORWARDED_URI);
    if (uri.isEmpty()) {
      return "";
    }
    String said = one(head, Name.ORIGINAL_METHOD, Name.FORWARDED_METHOD);
    String method = said.isEmpty() ? own : said;
    if (method.length() > MOST_METHOD || !isToken(method)) {
      Name name =
          head.value(Name.ORIGINAL_METHOD).isEmpty() ? Name.FORWARDED_METHOD : Name.ORIGINAL_METHOD;
      throw AuthzHead.refused(name, "is no method", "send one such as GET");
    }
    return method + " " + path(uri);
  }

  /** Which header says the path, to name it when it cannot be used. */
  static Name source(AuthzHead head) {
    return head.value(Name.ORIGINAL_URI).isEmpty() ? Name.FORWARDED_URI : Name.ORIGINAL_URI;
  }

  /** One may come from the gateway and the other from the client: nobody knows which. */
  private static String one(AuthzHead head, Name name, Name otherwise) {
    String one = head.value(name);
    String other = head.value(otherwise);
    if (!one.isEmpty() && !other.isEmpty() && !one.equals(other)) {
      throw AuthzHead.refused(
          name,
          "says something else than " + otherwise.header(),
          "let the gateway remove the one that it does not set");
    }
    return one.isEmpty() ? other : one;
  }

  private static boolean isToken(String method) {
    return method
        .chars()
        .allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_');
  }

  /** The one spelling of a path, as characters of UTF-8. */
  static String path(String uri) {
    String raw = Paths.withoutQuery(Paths.origin(uri));
    int fragment = raw.indexOf('#');
    String decoded = decoded(fragment < 0 ? raw : raw.substring(0, fragment));
    return decoded.startsWith("/") ? withoutEmptyAndDots(decoded) : decoded;
  }

  private static String decoded(String path) {
    byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
      int value = high * 16 + low;
      if (low < 0 || value == '/') {
        bytes[length++] = bytes[i];
      } else {
        bytes[length++] = (byte) value;
        i += 2;
      }
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private static String withoutEmptyAndDots(String path) {
    Deque<String> kept = new ArrayDeque<>();
    String last = "";
    for (String segment : path.split("/", -1)) {
      switch (segment) {
        case "", "." -> {}
        case ".." -> kept.pollLast();
        default -> kept.addLast(segment);
      }
      last = segment;
    }
    boolean folder = last.isEmpty() || last.equals(".") || last.equals("..");
    String joined = "/" + String.join("/", kept);
    return folder && !kept.isEmpty() ? joined + "/" : joined;
  }
}
