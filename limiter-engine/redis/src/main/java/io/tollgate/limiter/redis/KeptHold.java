package io.tollgate.limiter.redis;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a reservation or a lease, as it is stored, says to whoever settles it: he knows its id only.
 *
 * <p>Bytes that the script keeps behind its own.
 *
 * @param realm the id of the realm whose clock it has
 * @param offsetMicros of that clock, when it was made
 * @param movable whether that clock may have moved since
 * @param limits what the script reads of each limit, and the keys of its state
 * @param beside other slots of a Cluster where holds of the same id are parts of this one
 */
record KeptHold(
    String realm, long offsetMicros, boolean movable, List<Charged> limits, List<Integer> beside) {

  /** A limit of it. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Charged(List<byte[]> keys, byte[] numbers) {}

  private static final int HEAD = 17;
  private static final int PER_LIMIT = 8;

  byte[] bytes() {
    byte[] name = realm.getBytes(StandardCharsets.UTF_8);
    int size = 11 + name.length + Short.BYTES * beside.size();
    for (Charged limit : limits) {
      size += 2 + limit.numbers.length;
      for (byte[] key : limit.keys) {
        size += 1 + key.length;
      }
    }
    ByteBuffer out = little(ByteBuffer.allocate(size));
    out.putLong(offsetMicros).put((byte) (movable ? 1 : 0));
    out.put((byte) name.length).put(name).put((byte) limits.size());
    for (Charged limit : limits) {
      out.put((byte) limit.keys.size());
      limit.keys.forEach(key -> out.put((byte) key.length).put(key));
      out.put((byte) limit.numbers.length).put(limit.numbers);
    }
    beside.forEach(slot -> out.putShort(slot.shortValue()));
    return out.array();
  }

  /** Reads what Redis keeps under a hold's key. */
  static KeptHold read(byte[] stored) {
    ByteBuffer in = little(ByteBuffer.wrap(stored));
    in.position(HEAD + PER_LIMIT * Byte.toUnsignedInt(in.get(HEAD - 1)));
    long offset = in.getLong();
    boolean movable = in.get() == 1;
    String realm = new String(some(in), StandardCharsets.UTF_8);
    List<Charged> limits = new ArrayList<>();
    for (int left = Byte.toUnsignedInt(in.get()); left > 0; left--) {
      List<byte[]> keys = new ArrayList<>();
      for (int more = in.get(); more > 0; more--) {
        keys.add(some(in));
      }
      limits.add(new Charged(keys, some(in)));
    }
    List<Integer> beside = new ArrayList<>();
    while (in.remaining() >= Short.BYTES) {
      beside.add(Short.toUnsignedInt(in.getShort()));
    }
    return new KeptHold(realm, offset, movable, limits, beside);
  }

  private static byte[] some(ByteBuffer in) {
    byte[] bytes = new byte[Byte.toUnsignedInt(in.get())];
    in.get(bytes);
    return bytes;
  }

  private static ByteBuffer little(ByteBuffer buffer) {
    return buffer.order(ByteOrder.LITTLE_ENDIAN);
  }
}
