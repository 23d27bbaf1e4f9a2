package io.tollgate.server.resp;

import io.netty.buffer.ByteBuf;

/**
 * Reads commands bit by bit: arrays of bulk strings, or inline words on a line.
 *
 * <p>What it has read of an unfinished command is in its {@link Arguments}; of the bytes that have
 * arrived it leaves at most one line or one bulk string. Errors are worded as Redis words them.
 */
final class CommandReader {

  /** As {@code unauthenticated} clients may send to Redis 7. */
  private static final int MOST_OF_STRANGERS = 10;

  private static final int MOST_INLINE = 8 * 1024;

  /** A mark, a sign, 18 digits, and room for leading zeros. */
  private static final int MOST_LENGTH_LINE = 32;

  private static final int MOST_DIGITS = 18;
  private static final int NOT_BEGUN = -1;

  private final Arguments arguments = new Arguments();

  /** Bulk strings of the array that are not read yet; 0 between commands. */
  private int left;

  /** Length of the bulk string that is being read. */
  private int length = NOT_BEGUN;

  /** The words of the command that was read last, until the next call of {@link #read}. */
  Arguments arguments() {
    return arguments;
  }

  /** Whether a command has begun and is not whole. */
  boolean begun() {
    return left > 0;
  }

  /**
   * Reads on.
   *
   * @param known whether the client may send commands of full size
   * @return whether a command is whole
   * @throws ProtocolException when the bytes are no command; nothing can be read after that
   */
  boolean read(ByteBuf in, boolean known) {
    while (left == 0) {
      if (!in.isReadable()) {
        return false;
      }
      arguments.clear();
      if (in.getByte(in.readerIndex()) != '*') {
        if (!inline(in)) {
          return false;
        }
        if (arguments.count() > 0) {
          return true;
        }
      } else if (!header(in, known)) {
        return false;
      }
    }
    while (left > 0) {
      if (!bulk(in, known)) {
        return false;
      }
      left--;
    }
    return true;
  }

  private boolean header(ByteBuf in, boolean known) {
    int end = endOfLengthLine(in, "too big mbulk count string");
    if (end < 0) {
      return false;
    }
    long count = number(in, end, "invalid multibulk length");
    if (!known && count > MOST_OF_STRANGERS) {
      throw new ProtocolException("unauthenticated multibulk length");
    }
    if (count > Arguments.MOST) {
      throw new ProtocolException("invalid multibulk length");
    }
    in.readerIndex(end + 2);
    left = (int) Math.max(0, count);
    return true;
  }

  private boolean bulk(ByteBuf in, boolean known) {
    if (length == NOT_BEGUN) {
      if (!in.isReadable()) {
        return false;
      }
      byte mark = in.getByte(in.readerIndex());
      if (mark != '$') {
        throw new ProtocolException("expected '$', got '" + shown(mark) + "'");
      }
      int end = endOfLengthLine(in, "too big bulk count string");
      if (end < 0) {
        return false;
      }
      long said = number(in, end, "invalid bulk length");
      if (said < 0 || !arguments.fits(said)) {
        throw new ProtocolException(
            known || said < 0 ? "invalid bulk length" : "unauthenticated bulk length");
      }
      in.readerIndex(end + 2);
      length = (int) said;
    }
    if (in.readableBytes() < length + 2) {
      return false;
    }
    int end = in.readerIndex() + length;
    if (in.getByte(end) != '\r' || in.getByte(end + 1) != '\n') {
      throw new ProtocolException("a bulk string is longer than its length says");
    }
    arguments.add(in, length);
    in.skipBytes(2);
    length = NOT_BEGUN;
    return true;
  }

  private static char shown(byte mark) {
    return mark > ' ' && mark < 0x7f ? (char) mark : '?';
  }

  /** Where the line's CR is; negative while it has not arrived with its LF. */
  private static int endOfLengthLine(ByteBuf in, String tooLong) {
    int start = in.readerIndex();
    int readable = Math.min(in.readableBytes(), MOST_LENGTH_LINE);
    int end = in.indexOf(start, start + readable, (byte) '\r');
    if (end < 0) {
      if (readable == MOST_LENGTH_LINE) {
        throw new ProtocolException(tooLong);
      }
      return -1;
    }
    return end + 1 < in.writerIndex() ? end : -1;
  }

  /** The number between the mark and the end of the line. */
  private static long number(ByteBuf in, int end, String wrong) {
    int at = in.readerIndex() + 1;
    boolean negative = at < end && in.getByte(at) == '-';
    if (negative) {
      at++;
    }
    boolean number = at < end && end - at <= MOST_DIGITS && in.getByte(end + 1) == '\n';
    long value = 0;
    for (; number && at < end; at++) {
      int digit = in.getByte(at) - '0';
      number = digit >= 0 && digit <= 9;
      value = 10 * value + digit;
    }
    if (!number) {
      throw new ProtocolException(wrong);
    }
    return negative ? -value : value;
  }

  /** Reads the words of a line, as somebody types them; false while it has no end. */
  private boolean inline(ByteBuf in) {
    int start = in.readerIndex();
    int readable = Math.min(in.readableBytes(), MOST_INLINE);
    int end = in.indexOf(start, start + readable, (byte) '\n');
    if (end < 0) {
      if (readable == MOST_INLINE) {
        throw new ProtocolException("too big inline request");
      }
      return false;
    }
    while (in.readerIndex() < end) {
      int from = in.readerIndex();
      int to = from;
      while (to < end && !isBlank(in.getByte(to))) {
        byte b = in.getByte(to);
        if (b == '"' || b == '\'') {
          throw new ProtocolException("quotes are not read in an inline request; send an array");
        }
        to++;
      }
      if (to == from) {
        in.skipBytes(1);
      } else if (arguments.count() == Arguments.MOST) {
        throw new ProtocolException("too many words in an inline request");
      } else {
        arguments.add(in, to - from);
      }
    }
    in.skipBytes(1);
    return true;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\r';
  }
}
