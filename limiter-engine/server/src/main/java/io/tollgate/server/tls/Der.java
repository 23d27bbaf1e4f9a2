package io.tollgate.server.tls;

import java.nio.ByteBuffer;
import java.security.PublicKey;

/** The few bytes of DER (X.690) that turn a bare private key into PKCS#8, which the JDK reads. */
final class Der {

  private static final byte SEQUENCE = 0x30;
  private static final byte OCTETS = 0x04;
  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

  private Der() {}

  /**
   * Wraps a key of PKCS#1 or SEC 1 (RFC 5208 5). Which kind of key it is, and on which curve, only
   * stands around it; it is the same as around the public key (RFC 5280 4.1).
   */
  static byte[] pkcs8(PublicKey of, byte[] key) {
    ByteBuffer in = ByteBuffer.wrap(of.getEncoded());
    enter(in);
    int from = in.position();
    int length = enter(in);
    byte[] algorithm = new byte[in.position() + length - from];
    in.position(from).get(algorithm);
    return wrap(SEQUENCE, VERSION_0, algorithm, wrap(OCTETS, key));
  }

  /** Passes tag and length; the JDK has written them, so they are well formed. */
  private static int enter(ByteBuffer in) {
    in.get();
    int length = Byte.toUnsignedInt(in.get());
    if (length < 0x80) {
      return length;
    }
    int value = 0;
    for (int bytes = length & 0x7f; bytes > 0; bytes--) {
      value = (value << 8) | Byte.toUnsignedInt(in.get());
    }
    return value;
  }

  private static byte[] wrap(byte tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    // Keys have some kilobytes at most, so three bytes of length hold any; DER wants the shortest.
    int more = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
    ByteBuffer out = ByteBuffer.allocate(2 + more + length).put(tag);
    out.put((byte) (more == 0 ? length : (0x80 | more)));
    for (int i = more - 1; i >= 0; i--) {
      out.put((byte) (length >> (8 * i)));
    }
    for (byte[] part : parts) {
      out.put(part);
    }
    return out.array();
  }
}
