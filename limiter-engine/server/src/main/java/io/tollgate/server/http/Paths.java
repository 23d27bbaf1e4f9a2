package io.tollgate.server.http;

import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.RefusedException;

/** Reads the path of a request target, decoded once. */
final class Paths {

  private static final String FIX = "send a plain path such as /v1/check";

  private Paths() {}

  /**
   * The decoded path, without query.
   *
   * @throws RefusedException when two readers could take it for two different paths
   */
  static String of(String target) {
    String path = withoutQuery(origin(target));
    if (path.isEmpty() || path.charAt(0) != '/') {
      throw refused("the target is not a path");
    }
    String decoded = path.indexOf('%') < 0 ? path : decode(path);
    requireOneReading(decoded);
    return decoded;
  }

  /** RFC 9112 3.2.2: a server must also take the absolute form. */
  static String origin(String target) {
    if (!target.regionMatches(true, 0, "http://", 0, 7)
        && !target.regionMatches(true, 0, "https://", 0, 8)) {
      return target;
    }
    int authority = target.indexOf("//") + 2;
    int path = target.indexOf('/', authority);
    int query = target.indexOf('?', authority);
    if (path < 0 || (query >= 0 && query < path)) {
      return "/";
    }
    return target.substring(path);
  }

  static String withoutQuery(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  private static String decode(String path) {
    StringBuilder out = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c != '%') {
        out.append(c);
        continue;
      }
      int high = i + 2 < path.length() ? Character.digit(path.charAt(i + 1), 16) : -1;
      int low = i + 2 < path.length() ? Character.digit(path.charAt(i + 2), 16) : -1;
      if (high < 0 || low < 0) {
        throw refused("a percent sign is not followed by two hexadecimal digits");
      }
      char decoded = (char) (high * 16 + low);
      if (decoded == '/') {
        throw refused("a slash is percent-encoded");
      }
      out.append(decoded);
      i += 2;
    }
    return out.toString();
  }

  private static void requireOneReading(String path) {
    int segment = 1;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '\\' || c == ';' || c == '#') {
        throw refused("the path has a character that servers read in different ways");
      }
      if (c == '/') {
        requireName(path, segment, i);
        segment = i + 1;
      }
    }
    requireName(path, segment, path.length());
  }

  private static void requireName(String path, int from, int to) {
    boolean one = to - from == 1 && path.charAt(from) == '.';
    boolean two = to - from == 2 && path.startsWith("..", from);
    if (one || two) {
      throw refused("the path has a dot segment");
    }
  }

  private static RefusedException refused(String why) {
    return RefusedException.of(ErrorCode.INVALID_PATH, why + "; " + FIX);
  }
}
