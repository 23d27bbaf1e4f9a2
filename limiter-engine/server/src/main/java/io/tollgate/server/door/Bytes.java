package io.tollgate.server.door;

import io.netty.buffer.ByteBuf;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing array of bytes that one event loop reuses for its answers.
 *
 * <p>It lives on the heap, so that a writer that fails halfway can leak nothing; the finished
 * answer is copied once into a pooled buffer. Not safe for use by several threads.
 */
public final class Bytes extends OutputStream {

  /** What is kept for the next answer; a batch's larger array goes to the collector. */
  private static final int KEPT = 64 * 1024;

  private static final int FIRST = 1024;
  private static final int MOST_DIGITS = 20;
  private static final byte[] NULL = constant("null");
  private static final byte[] LEAST = constant("-9223372036854775808");

  /** 9999-12-31T23:59:59Z: RFC 3339 has no year beyond. */
  private static final long LATEST_MICROS = 253_402_300_799_000_000L;

  private static final long MICROS = 1_000_000;
  private static final int DAY_SECONDS = 86_400;

  private byte[] array = new byte[FIRST];
  private int length;

  /** The bytes of a text that is written often. */
  public static byte[] constant(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Empties it, and gives back what a large answer needed. */
  public void clear() {
    length = 0;
    if (array.length > KEPT) {
      array = new byte[FIRST];
    }
  }

  public int length() {
    return length;
  }

  public void copyTo(ByteBuf target) {
    target.writeBytes(array, 0, length);
  }

  public byte[] copy() {
    return Arrays.copyOf(array, length);
  }

  private void reserve(int more) {
    if (array.length - length < more) {
      array = Arrays.copyOf(array, Math.max(2 * array.length, length + more));
    }
  }

  @Override
  public void write(int b) {
    reserve(1);
    array[length++] = (byte) b;
  }

  @Override
  public void write(byte[] from, int offset, int count) {
    reserve(count);
    System.arraycopy(from, offset, array, length, count);
    length += count;
  }

  public Bytes put(byte[] constant) {
    write(constant, 0, constant.length);
    return this;
  }

  public Bytes put(char ascii) {
    write(ascii);
    return this;
  }

  /** Writes a text of ASCII; any other character becomes a question mark. */
  public Bytes ascii(String text) {
    int count = text.length();
    reserve(count);
    for (int i = 0; i < count; i++) {
      char c = text.charAt(i);
      array[length + i] = (byte) (c < 0x80 ? c : '?');
    }
    length += count;
    return this;
  }

  public Bytes nothing() {
    return put(NULL);
  }

  public Bytes number(long value) {
    if (value == Long.MIN_VALUE) {
      return put(LEAST);
    }
    reserve(MOST_DIGITS);
    long rest = value;
    if (rest < 0) {
      array[length++] = '-';
      rest = -rest;
    }
    int end = length + digits(rest);
    length = end;
    do {
      array[--end] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest != 0);
    return this;
  }

  private static int digits(long value) {
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }

  /** Writes microseconds as milliseconds, exactly, with at most three decimals. */
  public Bytes millis(long micros) {
    number(micros / 1_000);
    int fraction = (int) (micros % 1_000);
    if (fraction != 0) {
      put('.').digit(fraction / 100);
      if (fraction % 100 != 0) {
        digit(fraction / 10);
      }
      if (fraction % 10 != 0) {
        digit(fraction);
      }
    }
    return this;
  }

  /** Writes microseconds since the epoch by RFC 3339, in UTC; a fraction only when there is one. */
  public Bytes instant(long micros) {
    long clamped = Math.clamp(micros, 0, LATEST_MICROS);
    long seconds = clamped / MICROS;
    int fraction = (int) (clamped % MICROS);
    date((int) (seconds / DAY_SECONDS));
    int time = (int) (seconds % DAY_SECONDS);
    put('T').two(time / 3_600).put(':').two(time / 60 % 60).put(':').two(time % 60);
    if (fraction != 0) {
      put('.').two(fraction / 10_000).two(fraction / 100 % 100).two(fraction % 100);
    }
    return put('Z');
  }

  /** Hinnant's civil_from_days: years begin in March, in eras of 400. */
  private void date(int daysSinceEpoch) {
    int days = daysSinceEpoch + 719_468;
    int era = days / 146_097;
    int dayOfEra = days % 146_097;
    int yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int shifted = (5 * dayOfYear + 2) / 153;
    int month = shifted < 10 ? shifted + 3 : shifted - 9;
    int year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    int day = dayOfYear - (153 * shifted + 2) / 5 + 1;
    two(year / 100).two(year % 100).put('-').two(month).put('-').two(day);
  }

  private Bytes two(int value) {
    return digit(value / 10).digit(value);
  }

  private Bytes digit(int value) {
    return put((char) ('0' + value % 10));
  }

  @Override
  public String toString() {
    return new String(array, 0, length, StandardCharsets.UTF_8);
  }
}
