package io.tollgate.bench.grpc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What is asked again and again: a method, and a message that is the same for all identifiers but
 * for seven digits. Immutable.
 *
 * <p>The field 1 of each answer must be 1 when the check may pass, whatever else it holds; so it is
 * with all servers here ({@code allowed}, Envoy's {@code overall_code}). In an answer of a stream
 * the field 1 is the request's id, and the field 2 such an answer.
 */
public final class Call {

  /** Where the digits go. */
  public static final String SLOT = "#######";

  /** More identifiers than this have no seven digits. */
  static final int MOST_IDENTIFIERS = 10_000_000;

  /** Ids from here to its double are varints of four bytes, so that they fit into one place. */
  static final int LEAST_ID = 1 << 27;

  /** The place of an id: behind the tag of field 1. */
  private static final int ID_AT = 1;

  private static final int PREFIX = 5;

  private final String path;
  private final boolean streamed;
  private final byte[] prefixed;
  private final int slot;
  private final int[] remaining;

  private Call(String path, boolean streamed, byte[] message, int... remaining) {
    String text = new String(message, StandardCharsets.ISO_8859_1);
    int found = text.indexOf(SLOT);
    if (found < 0 || text.indexOf(SLOT, found + 1) >= 0) {
      throw new IllegalArgumentException("the identifier's digits belong in once: " + text);
    }
    this.path = path;
    this.streamed = streamed;
    this.prefixed = new byte[PREFIX + message.length];
    Frames.putInt(prefixed, 1, message.length);
    System.arraycopy(message, 0, prefixed, PREFIX, message.length);
    this.slot = PREFIX + found;
    this.remaining = remaining.clone();
  }

  /**
   * One message, one answer.
   *
   * @param path as {@code /package.Service/Method}
   * @param remaining the fields that lead to the units left in an answer
   */
  public static Call unary(String path, Proto message, int... remaining) {
    return new Call(path, false, message.toBytes(), remaining);
  }

  /**
   * A stream of messages that are answered under their ids.
   *
   * @param message without its id
   */
  public static Call streamed(String path, Proto message, int... remaining) {
    Proto numbered = new Proto().number(1, LEAST_ID).message(2, message);
    return new Call(path, true, numbered.toBytes(), remaining);
  }

  String path() {
    return path;
  }

  boolean streamed() {
    return streamed;
  }

  /** Bytes of the message with gRPC's prefix. */
  int length() {
    return prefixed.length;
  }

  /** The message with gRPC's prefix and zeros for digits. */
  byte[] toBytes() {
    byte[] bytes = prefixed.clone();
    Arrays.fill(bytes, slot, slot + SLOT.length(), (byte) '0');
    return bytes;
  }

  /**
   * Writes the digits of an identifier into a copy of the message.
   *
   * @param at where the copy begins
   * @param identifier 0 to {@link #MOST_IDENTIFIERS} - 1
   */
  void name(ByteBuffer out, int at, int identifier) {
    if (identifier < 0 || identifier >= MOST_IDENTIFIERS) {
      throw new IllegalArgumentException("no seven digits: " + identifier);
    }
    int rest = identifier;
    for (int i = SLOT.length() - 1; i >= 0; i--) {
      out.put(at + slot + i, (byte) ('0' + rest % 10));
      rest /= 10;
    }
  }

  /**
   * Writes an id into a copy of the message.
   *
   * @param id {@link #LEAST_ID} to its double - 1
   */
  static void number(ByteBuffer out, int at, int id) {
    int place = at + PREFIX + ID_AT;
    out.put(place, (byte) (id | 0x80));
    out.put(place + 1, (byte) (id >> 7 | 0x80));
    out.put(place + 2, (byte) (id >> 14 | 0x80));
    out.put(place + 3, (byte) (id >> 21));
  }

  /** Units left, as an answer (in a stream: the answer's field 2) says; 0 when it says none. */
  long remaining(byte[] bytes, int from, int to) {
    return Proto.number(bytes, from, to, remaining);
  }
}
