package io.tollgate.server.door;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Names requests and decisions: what the client sent if it is harmless, else a ULID. */
public final class RequestIds {

  private static final int MOST = 128;
  private static final int ULID_LENGTH = 26;
  private static final int TIME_LENGTH = 10;
  private static final byte[] CROCKFORD = ascii("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
  private static final byte[] REQUEST = ascii("req_");

  private final RandomGenerator random;

  public RequestIds(RandomGenerator random) {
    this.random = random;
  }

  /** The client's id when it can do no harm in a header, a log or JSON, else a new one. */
  public String orNew(@Nullable CharSequence sent, long nowMillis) {
    return sent != null && harmless(sent) ? sent.toString() : next(nowMillis);
  }

  private String next(long nowMillis) {
    byte[] id = new byte[REQUEST.length + ULID_LENGTH];
    System.arraycopy(REQUEST, 0, id, 0, REQUEST.length);
    ulid(id, REQUEST.length, nowMillis);
    return new String(id, StandardCharsets.ISO_8859_1);
  }

  /** Writes a ULID: 48 bits of time and 80 of chance, so that ids sort by time. */
  public void ulid(byte[] into, int offset, long nowMillis) {
    long time = nowMillis;
    for (int i = TIME_LENGTH - 1; i >= 0; i--) {
      into[offset + i] = CROCKFORD[(int) (time & 31)];
      time >>>= 5;
    }
    int half = (ULID_LENGTH - TIME_LENGTH) / 2;
    chance(into, offset + TIME_LENGTH, half);
    chance(into, offset + TIME_LENGTH + half, half);
  }

  private void chance(byte[] into, int offset, int count) {
    long bits = random.nextLong();
    for (int i = 0; i < count; i++) {
      into[offset + i] = CROCKFORD[(int) (bits & 31)];
      bits >>>= 5;
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean harmless(CharSequence id) {
    int length = id.length();
    if (length == 0 || length > MOST) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = id.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean digit = c >= '0' && c <= '9';
      if (!letter && !digit && "._:~+/=@-".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }
}
