package io.tollgate.limiter.redis;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Numbers as scripts pack and unpack them. */
final class Packed {

  private Packed() {}

  /** Numbers are below 2^56, in 7 bytes, the least first. */
  static void number(ByteBuffer out, long number) {
    out.putInt((int) number).putShort((short) (number >>> 32)).put((byte) (number >>> 48));
  }

  static long number(ByteBuffer in) {
    long low = Integer.toUnsignedLong(in.getInt());
    long middle = Short.toUnsignedLong(in.getShort());
    return low | middle << 32 | Byte.toUnsignedLong(in.get()) << 48;
  }

  /** The least byte first. */
  static ByteBuffer little(ByteBuffer buffer) {
    return buffer.order(ByteOrder.LITTLE_ENDIAN);
  }
}
