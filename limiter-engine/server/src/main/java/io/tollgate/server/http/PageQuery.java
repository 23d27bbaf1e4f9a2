package io.tollgate.server.http;

import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Which part of a list is wanted.
 *
 * @param after the last name of the page before; empty for the first page
 * @param limit the most entries
 */
record PageQuery(String after, int limit) {

  private static final int USUAL = 100;
  private static final int MOST = 1_000;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");
  private static final PageQuery FIRST = new PageQuery("", USUAL);

  /**
   * Reads a query such as {@code limit=10&cursor=YQ}.
   *
   * @throws RefusedException naming the parameter
   */
  static PageQuery of(String query) {
    PageQuery page = FIRST;
    if (query.isEmpty()) {
      return page;
    }
    for (String parameter : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? parameter : parameter.substring(0, equals);
      String value = equals < 0 ? "" : parameter.substring(equals + 1);
      page =
          switch (name) {
            case "limit" -> new PageQuery(page.after, limit(value));
            case "cursor" -> new PageQuery(name(value), page.limit);
            default -> throw wrong(name, "is not a parameter of this call", "use limit or cursor");
          };
    }
    return page;
  }

  /** The cursor of the page after a name. */
  static String cursor(String after) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(after.getBytes(StandardCharsets.US_ASCII));
  }

  private static int limit(String value) {
    int limit = NUMBER.matcher(value).matches() ? Integer.parseInt(value) : 0;
    if (limit < 1 || limit > MOST) {
      throw wrong("limit", "is not a number from 1 to " + MOST, "write one");
    }
    return limit;
  }

  private static String name(String cursor) {
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
    } catch (IllegalArgumentException e) {
      throw wrong("cursor", "is no cursor", "send the next_cursor of the page before");
    }
  }

  private static RefusedException wrong(String parameter, String detail, String fix) {
    return RefusedException.field(ErrorCode.INVALID_FIELD, "?" + parameter, detail, fix);
  }
}
