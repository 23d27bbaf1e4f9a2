package io.tollgate.server.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stream of requests as the letter of RFC 9112 reads it: every request that is beyond doubt, in
 * order, up to the first thing that is not.
 *
 * @param requests what was read, up to one that says it is the last
 * @param end how the reading ended
 * @param why what was odd, or what was missing
 */
public record Reading(List<Seen> requests, End end, String why) {

  /**
   * A whole request.
   *
   * @param ids every X-Request-Id that it has; the last counts, for who reads it to its end
   * @param last whether the connection ends behind it
   */
  public record Seen(String method, List<String> ids, boolean last) {}

  /** How a reading ended. */
  public enum End {
    /** Behind a whole request. */
    CLEAN,
    /** In the middle of one. */
    PARTIAL,
    /** At something that two readers could take for two things. */
    ODD
  }

  private static final class Stop extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final End end;

    Stop(End end, String why) {
      super(why, null, false, false);
      this.end = end;
    }
  }

  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

  private static final String BLANKS = "[ \\t\\x0b\\f\\r]";

  /**
   * RFC 9112 3 allows any blanks. HTTP in any case can be taken for nothing else. A later minor
   * version is read as the latest that is known (RFC 9110 2.5).
   */
  private static final Pattern LINE =
      Pattern.compile(
          "(%2$s)%1$s+([\\x21-\\x7e\\x80-\\xff]+)%1$s+(?i:HTTP)/1\\.([0-9])%1$s*"
              .formatted(BLANKS, TOKEN));

  private static final String VALUE = "[\\t\\x20-\\x7e\\x80-\\xff]*";
  private static final String SIZE = "[0-9A-Fa-f]{1,7}([ \\t]*;" + VALUE + ")?";

  /** Whether the client has said that it sends no more behind what it has asked. */
  boolean saysLast() {
    return !requests.isEmpty() && requests.getLast().last();
  }

  /** Reads bytes in Latin-1, after which the client sends no more. */
  public static Reading of(String bytes) {
    Reader reader = new Reader(bytes);
    try {
      while (reader.more()) {
        reader.request();
      }
      return new Reading(reader.requests, End.CLEAN, "");
    } catch (Stop stop) {
      return new Reading(reader.requests, stop.end, String.valueOf(stop.getMessage()));
    }
  }

  private static final class Reader {

    final List<Seen> requests = new ArrayList<>();
    private final String bytes;
    private int at;

    /** Whether the fields that were read last had a line that begins with a blank. */
    private boolean folded;

    Reader(String bytes) {
      this.bytes = bytes;
    }

    /** RFC 9112 2.2: empty lines before a request are skipped. */
    boolean more() {
      while (bytes.startsWith("\r\n", at)) {
        at += 2;
      }
      boolean ended = !requests.isEmpty() && requests.getLast().last();
      return at < bytes.length() && !ended;
    }

    void request() {
      if (isBlankOrControl(bytes.charAt(at))) {
        throw new Stop(End.ODD, "before a request line");
      }
      Matcher line = LINE.matcher(line());
      if (!line.matches()) {
        throw new Stop(End.ODD, "request line");
      }
      Head head = new Head(!line.group(3).equals("0"));
      List<String> fields = fields();
      if (folded) {
        throw new Stop(End.ODD, "folded line");
      }
      fields.forEach(head::field);
      head.judge();
      if (head.chunked) {
        chunks();
      } else {
        skip(head.length);
      }
      requests.add(new Seen(line.group(1), head.ids, head.last()));
    }

    private static boolean isBlankOrControl(char c) {
      return Character.isISOControl(c) || Character.isWhitespace(c);
    }

    private void chunks() {
      while (true) {
        String line = line();
        if (!line.matches(SIZE)) {
          throw new Stop(End.ODD, "chunk size");
        }
        int size = Integer.parseInt(line.split("[ \\t;]", -1)[0], 16);
        if (size == 0) {
          break;
        }
        skip(size);
        if (at + 2 <= bytes.length() && !bytes.startsWith("\r\n", at)) {
          throw new Stop(End.ODD, "end of chunk");
        }
        skip(2);
      }
      fields().forEach(Reading::requireField);
    }

    /** RFC 9112 5.2: a folded line is refused; in a trailer, which nobody uses, it may be read. */
    private List<String> fields() {
      List<String> fields = new ArrayList<>();
      folded = false;
      for (String line = line(); !line.isEmpty(); line = line()) {
        String bare = line.replaceFirst("[ \\t]+$", "");
        if (line.startsWith(" ") || line.startsWith("\t")) {
          folded = true;
          bare = fields.isEmpty() ? bare : fields.removeLast() + " " + bare.stripLeading();
        }
        fields.add(bare);
      }
      return fields;
    }

    private void skip(int count) {
      if (bytes.length() - at < count) {
        throw new Stop(End.PARTIAL, "body");
      }
      at += count;
    }

    /** A line up to CRLF; nothing else ends one. */
    private String line() {
      int end = bytes.indexOf('\n', at);
      if (end < 0) {
        throw new Stop(End.PARTIAL, "line");
      }
      if (end == at || bytes.charAt(end - 1) != '\r') {
        throw new Stop(End.ODD, "bare line feed");
      }
      String line = bytes.substring(at, end - 1);
      at = end + 1;
      return line;
    }
  }

  private static String[] requireField(String line) {
    int colon = line.indexOf(':');
    if (colon < 0 || !line.substring(0, colon).matches(TOKEN)) {
      throw new Stop(End.ODD, "field name");
    }
    if (!line.substring(colon + 1).matches(VALUE)) {
      throw new Stop(End.ODD, "field value");
    }
    String value = line.substring(colon + 1).replaceFirst("^[ \\t]+", "");
    return new String[] {line.substring(0, colon).toLowerCase(Locale.ROOT), value};
  }

  private static final class Head {

    final boolean modern;
    boolean chunked;
    int length;
    final List<String> ids = new ArrayList<>();
    private int hosts;
    private int lengths;
    private int codings;
    private boolean close;
    private boolean keepAlive;

    Head(boolean modern) {
      this.modern = modern;
    }

    void field(String line) {
      String[] field = requireField(line);
      switch (field[0]) {
        case "host" -> hosts++;
        case "x-request-id" -> ids.add(field[1]);
        case "content-length" -> {
          lengths++;
          String digits = field[1].strip();
          length = digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : -1;
        }
        case "transfer-encoding" -> {
          codings++;
          chunked = field[1].strip().equalsIgnoreCase("chunked");
        }
        case "connection" -> {
          for (String option : field[1].split(",", -1)) {
            close |= option.strip().equalsIgnoreCase("close");
            keepAlive |= option.strip().equalsIgnoreCase("keep-alive");
          }
        }
        default -> {}
      }
    }

    void judge() {
      if (modern ? hosts != 1 : hosts > 1) {
        throw new Stop(End.ODD, hosts + " hosts");
      }
      if (lengths > 1 || length < 0 || codings > 1 || (codings == 1 && !chunked)) {
        throw new Stop(End.ODD, "length");
      }
      if (codings == 1 && (lengths > 0 || !modern)) {
        throw new Stop(End.ODD, "two lengths");
      }
    }

    boolean last() {
      return close || (!modern && !keepAlive);
    }
  }
}
