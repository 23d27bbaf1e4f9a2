package io.tollgate.server.resp;

import io.tollgate.server.door.Bytes;
import io.tollgate.server.metrics.LoopMetrics;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Writes one answer, in RESP2 or RESP3.
 *
 * <p>Lives on the heap, one for each event loop. Not safe for use by several threads.
 */
final class RespWriter {

  /** What {@link #result} says of an answer that is no error. */
  static final String OK = "ok";

  private static final byte[] END = Bytes.constant("\r\n");

  private final Bytes out = new Bytes();
  private boolean resp3;
  private String result = OK;

  /**
   * Forgets the last answer and begins one.
   *
   * @param inResp3 whether the client has asked for RESP3
   */
  void begin(boolean inResp3) {
    out.clear();
    resp3 = inResp3;
    result = OK;
  }

  /** The answer as bytes, good until the next one begins. */
  Bytes bytes() {
    return out;
  }

  /** What it says: {@link #OK}, or the first word of an error in small letters. */
  String result() {
    return result;
  }

  /** A text of ASCII without an end of line. */
  void simple(String text) {
    out.put('+').ascii(text).put(END);
  }

  void ok() {
    simple("OK");
  }

  /**
   * An error.
   *
   * @param code its first word, a constant in capitals
   * @param text what is wrong; control characters are replaced
   */
  void error(String code, String text) {
    result = code.toLowerCase(Locale.ROOT);
    out.put('-').ascii(code).put(' ').put(oneLine(text)).put(END);
  }

  private static byte[] oneLine(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] >= 0 && bytes[i] < ' ') {
        bytes[i] = ' ';
      }
    }
    return bytes;
  }

  void integer(long value) {
    out.put(':').number(value).put(END);
  }

  void bulk(byte[] value) {
    out.put('$').number(value.length).put(END).put(value).put(END);
  }

  void bulk(String value) {
    bulk(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Nothing at all. */
  void nothing() {
    out.put(resp3 ? Bytes.constant("_\r\n") : Bytes.constant("$-1\r\n"));
  }

  /** As many elements follow. */
  void array(int elements) {
    out.put('*').number(elements).put(END);
  }

  /** As many pairs follow: a map in RESP3, else a flat array. */
  void map(int pairs) {
    if (resp3) {
      out.put('%').number(pairs).put(END);
    } else {
      array(2 * pairs);
    }
  }

  /** Counts the answer. */
  void count(LoopMetrics metrics, String command) {
    metrics.answeredCommand(command, result);
  }
}
