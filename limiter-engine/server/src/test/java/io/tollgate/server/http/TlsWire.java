package io.tollgate.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Bytes of TLS that no client of today would send. */
final class TlsWire {

  static final int ALERT = 21;
  static final int HANDSHAKE = 22;

  private TlsWire() {}

  /** A record of TLS, with the version that every record says today. */
  static byte[] record(int type, byte[] payload) {
    return ByteBuffer.allocate(5 + payload.length)
        .put((byte) type)
        .putShort((short) 0x0301)
        .putShort((short) payload.length)
        .put(payload)
        .array();
  }

  /** A whole ClientHello of an old version: 0x0300 is SSL 3, 0x0301 TLS 1.0, 0x0302 TLS 1.1. */
  static byte[] hello(int version) {
    byte[] body =
        ByteBuffer.allocate(43)
            .putShort((short) version)
            .put(new byte[32])
            .put((byte) 0)
            .putShort((short) 4)
            // Ciphers of RSA with AES, which all old clients have.
            .putShort((short) 0x002f)
            .putShort((short) 0xc013)
            .put((byte) 1)
            .put((byte) 0)
            .flip()
            .array();
    int length = 43;
    byte[] message = ByteBuffer.allocate(4 + length).putInt(0x01000000 | length).put(body).array();
    return record(HANDSHAKE, message);
  }

  /** A ClientHello of SSL 2, in which some clients once hid that of TLS. */
  static byte[] hello2() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x80, 0x2e, 1, 3, 1, 0, 0x15, 0, 0, 0, 0x10});
    out.writeBytes(new byte[0x15 + 0x10]);
    return out.toByteArray();
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
