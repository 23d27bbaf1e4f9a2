package io.tollgate.limiter.redis.simulation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Numbers and texts as scripts read and write them. */
final class Bytes {

  private Bytes() {}

  static ByteBuffer reading(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static ByteBuffer writing(int most) {
    return ByteBuffer.allocate(most).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What was written up to now. */
  static byte[] written(ByteBuffer out) {
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  /** Seven bytes, the least first. */
  static long number(ByteBuffer in) {
    long low = Integer.toUnsignedLong(in.getInt());
    long middle = Short.toUnsignedLong(in.getShort());
    return low | middle << 32 | Byte.toUnsignedLong(in.get()) << 48;
  }

  static ByteBuffer number(ByteBuffer out, long number) {
    return out.putInt((int) number).putShort((short) (number >>> 32)).put((byte) (number >>> 48));
  }

  /** Bytes as a text of as many letters, which can be a key of a map. */
  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
