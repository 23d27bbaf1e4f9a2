package io.tollgate.server.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One answer as the bytes say it.
 *
 * @param headers by name in lower case
 * @param body in Latin-1, a character for each byte
 */
public record Said(int status, Map<String, String> headers, String body) {

  /** A header's value, or the empty text. */
  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** Whether the server says that it closes behind this answer. */
  public boolean closes() {
    return header("connection").equals("close");
  }

  /**
   * Every answer of a connection that the server has closed, without those that say 100.
   *
   * @param bytes all that came, in Latin-1
   * @param asked what was asked, for an answer to HEAD has no body
   * @throws AssertionError when anything is not well-formed, or is left over
   */
  public static List<Said> all(String bytes, List<Reading.Seen> asked) {
    List<Said> answers = new ArrayList<>();
    int at = 0;
    while (at < bytes.length()) {
      int end = bytes.indexOf("\r\n\r\n", at);
      require(end >= 0, "an answer is cut in its head", bytes, at);
      int next = answers.size();
      // What was too broken to be read may have been a HEAD.
      boolean head = next >= asked.size() || asked.get(next).method().equals("HEAD");
      Said said = head(bytes, at, end);
      int from = at;
      at = end + 4;
      int length = said.length();
      boolean absent = at == bytes.length() || bytes.startsWith("HTTP/1.1 ", at);
      if (length > 0 && absent) {
        require(head, "an answer lacks its body", bytes, from);
        length = 0;
      }
      require(at + length <= bytes.length(), "an answer is cut in its body", bytes, at);
      if (said.status != 100) {
        answers.add(new Said(said.status, said.headers, bytes.substring(at, at + length)));
      }
      at += length;
    }
    return answers;
  }

  private static Said head(String bytes, int from, int to) {
    String[] lines = bytes.substring(from, to).split("\r\n", -1);
    require(lines[0].matches("HTTP/1\\.1 [1-5][0-9]{2} [A-Za-z /-]+"), "status line", bytes, from);
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = 1; i < lines.length; i++) {
      require(lines[i].matches("[A-Za-z-]+: [\\x20-\\x7e]+"), "header line", bytes, from);
      int colon = lines[i].indexOf(':');
      String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
      String before = headers.put(name, lines[i].substring(colon + 2));
      require(before == null, "a header occurs twice", bytes, from);
    }
    return new Said(Integer.parseInt(lines[0].substring(9, 12)), headers, "");
  }

  private int length() {
    if (status == 204 || status == 100) {
      return 0;
    }
    require(header("content-length").matches("[0-9]{1,9}"), "no length", headers.toString(), 0);
    return Integer.parseInt(header("content-length"));
  }

  private static void require(boolean holds, String what, String bytes, int at) {
    if (!holds) {
      throw new AssertionError(what + ": " + bytes.substring(at));
    }
  }
}
