package io.tollgate.server.door;

import java.util.List;

/**
 * What is wrong with a request, by RFC 9457.
 *
 * @param detail one sentence about this very request
 * @param errors the fields that caused it; may be empty
 * @param allow the methods that are allowed, for an Allow header; empty when they are not the point
 */
public record Problem(ErrorCode code, String detail, List<FieldError> errors, String allow) {

  /** The longest text that repeats what a client sent. */
  private static final int MOST_ECHOED = 160;

  private static final char REPLACEMENT = '\uFFFD';

  /**
   * One field's part in a problem.
   *
   * @param pointer a JSON pointer (RFC 6901) into the body
   * @param detail what is wrong
   * @param fix what to send instead
   */
  public record FieldError(String pointer, String detail, String fix) {

    public FieldError {
      pointer = echoed(pointer);
      detail = echoed(detail);
    }
  }

  /** Makes what a client sent fit to be repeated: bounded, printable, valid Unicode. */
  public Problem {
    detail = echoed(detail);
    errors = List.copyOf(errors);
  }

  public static Problem of(ErrorCode code, String detail) {
    return new Problem(code, detail, List.of(), "");
  }

  public static Problem fields(ErrorCode code, String detail, List<FieldError> errors) {
    return new Problem(code, detail, errors, "");
  }

  public static Problem method(String allow, String detail) {
    return new Problem(ErrorCode.METHOD_NOT_ALLOWED, detail, List.of(), allow);
  }

  public static Problem field(ErrorCode code, String pointer, String detail, String fix) {
    String where = pointer.isEmpty() ? "the body" : pointer;
    return fields(code, where + ": " + detail, List.of(new FieldError(pointer, detail, fix)));
  }

  private static String echoed(String text) {
    return printable(text, MOST_ECHOED);
  }

  /** The text without what cannot be shown, cut to a length. */
  public static String printable(String text, int most) {
    int end = Math.min(text.length(), most);
    StringBuilder out = null;
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      // Whole pairs would do no harm; a cut one would, and no pointer of ours holds any.
      if (c < ' ' || c == 0x7f || Character.isSurrogate(c)) {
        out = out == null ? new StringBuilder(text) : out;
        out.setCharAt(i, REPLACEMENT);
      }
    }
    String safe = out == null ? text : out.toString();
    return end == text.length() ? safe : safe.substring(0, end) + "…";
  }
}
