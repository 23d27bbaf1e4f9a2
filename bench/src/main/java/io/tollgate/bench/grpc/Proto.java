package io.tollgate.bench.grpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A protobuf message that is put together field by field, and the reader of a few fields.
 *
 * <p>By hand, because the messages of peers have no classes here, and because an answer is looked
 * at in some nanoseconds and not read as a whole. Not safe for several threads.
 */
public final class Proto {

  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED_32 = 5;

  /** A varint of 64 bits. */
  private static final int MOST_VARINT = 10;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Adds a text. */
  public Proto text(int field, String text) {
    return bytes(field, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a message. */
  public Proto message(int field, Proto message) {
    return bytes(field, message.toBytes());
  }

  /** Adds a number that is not negative. */
  public Proto number(int field, long number) {
    varint((long) field << 3 | VARINT);
    varint(number);
    return this;
  }

  /** All of it. */
  public byte[] toBytes() {
    return out.toByteArray();
  }

  private Proto bytes(int field, byte[] bytes) {
    varint((long) field << 3 | BYTES);
    varint(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  private void varint(long number) {
    long rest = number;
    while (rest > 0x7f) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  /**
   * Reads a number of a message, or of a message in it.
   *
   * @param path the fields that lead to it; of a repeated one the first is taken
   * @return 0 when it is absent, as protobuf says
   * @throws IllegalStateException when the bytes are no message
   */
  static long number(byte[] bytes, int from, int to, int... path) {
    int begin = from;
    int end = to;
    for (int step = 0; step < path.length - 1; step++) {
      long found = find(bytes, begin, end, path[step], BYTES);
      if (found < 0) {
        return 0;
      }
      int at = (int) found;
      int length = (int) varint(bytes, at, end);
      begin = afterVarint(bytes, at, end);
      if (length < 0 || length > end - begin) {
        throw broken(at);
      }
      end = begin + length;
    }
    long found = find(bytes, begin, end, path[path.length - 1], VARINT);
    return found < 0 ? 0 : varint(bytes, (int) found, end);
  }

  /** Where the value of a field begins, or -1. */
  private static int find(byte[] bytes, int from, int to, int field, int type) {
    int at = from;
    while (at < to) {
      long tag = varint(bytes, at, to);
      at = afterVarint(bytes, at, to);
      if (tag == ((long) field << 3 | type)) {
        return at;
      }
      at = afterValue(bytes, at, to, (int) (tag & 7));
    }
    return -1;
  }

  private static int afterValue(byte[] bytes, int at, int to, int type) {
    int after =
        switch (type) {
          case VARINT -> afterVarint(bytes, at, to);
          case FIXED_64 -> at + Long.BYTES;
          case BYTES -> {
            long length = varint(bytes, at, to);
            int begin = afterVarint(bytes, at, to);
            yield length < 0 || length > to - begin ? to + 1 : begin + (int) length;
          }
          case FIXED_32 -> at + Integer.BYTES;
          default -> to + 1;
        };
    if (after > to) {
      throw broken(at);
    }
    return after;
  }

  /** The varint that begins here. */
  static long varint(byte[] bytes, int from, int to) {
    long value = 0;
    for (int i = 0; i < MOST_VARINT && from + i < to; i++) {
      byte b = bytes[from + i];
      value |= (long) (b & 0x7f) << (7 * i);
      if (b >= 0) {
        return value;
      }
    }
    throw broken(from);
  }

  /** Where the varint that begins here has ended. */
  static int afterVarint(byte[] bytes, int from, int to) {
    for (int i = 0; i < MOST_VARINT && from + i < to; i++) {
      if (bytes[from + i] >= 0) {
        return from + i + 1;
      }
    }
    throw broken(from);
  }

  private static IllegalStateException broken(int at) {
    return new IllegalStateException("the answer is no message at byte " + at);
  }
}
