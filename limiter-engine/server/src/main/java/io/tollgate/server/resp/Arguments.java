package io.tollgate.server.resp;

import io.netty.buffer.ByteBuf;
import io.tollgate.server.door.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The words of one command as bytes, the first of them its name; reused for the next one.
 *
 * <p>Not safe for use by several threads.
 */
final class Arguments {

  /** CL.THROTTLE has 6, HELLO with all its options 7; COMMAND DOCS may name some. */
  static final int MOST = 64;

  /** A key has 512 bytes, a token 4,096; no command of ours has twice as much. */
  static final int MOST_BYTES = 16 * 1024;

  /** What is kept for the next command: 20,000 connections take 5 MB. */
  private static final int KEPT = 256;

  private static final int FEW = 8;

  /** As Redis shows an argument in an error. */
  private static final int MOST_SHOWN = 128;

  private byte[] bytes = new byte[KEPT];
  private int[] ends = new int[FEW];
  private int count;

  /** Forgets the words. */
  void clear() {
    count = 0;
    if (bytes.length > KEPT) {
      bytes = new byte[KEPT];
    }
    if (ends.length > FEW) {
      ends = new int[FEW];
    }
  }

  /** Whether a word of this length still fits. */
  boolean fits(long length) {
    return length <= MOST_BYTES - end(count - 1);
  }

  /** Takes a word out of what has arrived; whoever calls has asked whether it {@link #fits}. */
  void add(ByteBuf in, int length) {
    int start = end(count - 1);
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, MOST);
    }
    if (bytes.length < start + length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, start + length));
    }
    in.readBytes(bytes, start, length);
    ends[count] = start + length;
    count++;
  }

  /** How many words there are, the name included. */
  int count() {
    return count;
  }

  private int start(int i) {
    return end(i - 1);
  }

  private int end(int i) {
    return i < 0 ? 0 : ends[i];
  }

  /** Whether a word is this one, of small letters, in letters of any size. */
  boolean is(int i, String word) {
    int start = start(i);
    int length = word.length();
    if (end(i) - start != length) {
      return false;
    }
    for (int k = 0; k < length; k++) {
      if (lower(bytes[start + k]) != word.charAt(k)) {
        return false;
      }
    }
    return true;
  }

  private static int lower(byte b) {
    return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
  }

  /** A copy of a word. */
  byte[] copy(int i) {
    return Arrays.copyOfRange(bytes, start(i), end(i));
  }

  /**
   * A word as text.
   *
   * @throws CharacterCodingException when it is not UTF-8
   */
  String text(int i) throws CharacterCodingException {
    int start = start(i);
    int length = end(i) - start;
    for (int k = start; k < start + length; k++) {
      if (bytes[k] < 0) {
        return StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(bytes, start, length))
            .toString();
      }
    }
    return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
  }

  /** A word fit to be repeated in an error. */
  String shown(int i) {
    int start = start(i);
    int length = Math.min(end(i) - start, MOST_SHOWN);
    return Problem.printable(new String(bytes, start, length, StandardCharsets.UTF_8), MOST_SHOWN);
  }

  /** A word as a whole number, with or without a sign; empty when it is none of 64 bits. */
  OptionalLong number(int i) {
    int at = start(i);
    int end = end(i);
    boolean negative = at < end && bytes[at] == '-';
    if (at < end && (negative || bytes[at] == '+')) {
      at++;
    }
    if (at == end) {
      return OptionalLong.empty();
    }
    // Counted below 0, where there is one number more.
    long value = 0;
    for (; at < end; at++) {
      int digit = bytes[at] - '0';
      boolean over = value < Long.MIN_VALUE / 10 || value * 10 < Long.MIN_VALUE + digit;
      if (digit < 0 || digit > 9 || over) {
        return OptionalLong.empty();
      }
      value = value * 10 - digit;
    }
    if (!negative && value == Long.MIN_VALUE) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(negative ? value : -value);
  }
}
