package io.tollgate.limiter.limit;

/**
 * SipHash-2-4 with 128 bits of output, over bytes and over texts as UTF-8.
 *
 * <p>Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF", and the authors' reference
 * code for the 128-bit output. Texts are read straight from the string. Not safe for use by several
 * threads; meant to live on one call's stack.
 */
final class SipHash {

  private long v0;
  private long v1;
  private long v2;
  private long v3;
  private long word;
  private int bytes;
  private long high;
  private long low;

  SipHash(long k0, long k1) {
    v0 = k0 ^ 0x736f6d6570736575L;
    v1 = k1 ^ 0x646f72616e646f6dL ^ 0xee;
    v2 = k0 ^ 0x6c7967656e657261L;
    v3 = k1 ^ 0x7465646279746573L;
  }

  /** Goes on from where another hash is. */
  SipHash(SipHash from) {
    v0 = from.v0;
    v1 = from.v1;
    v2 = from.v2;
    v3 = from.v3;
    word = from.word;
    bytes = from.bytes;
  }

  /** Adds a text, prefixed by its length in UTF-16 units so that tuples cannot run together. */
  void putField(String text) {
    putByte(text.length() & 0xff);
    putByte(text.length() >>> 8);
    putText(text);
  }

  /** Fills up with zeros to a whole word, so that the text behind is read eight bytes at a time. */
  void align() {
    while ((bytes & 7) != 0) {
      putByte(0);
    }
  }

  /** Adds a text as UTF-8. */
  void putText(String text) {
    int length = text.length();
    int i = 0;
    if ((bytes & 7) == 0) {
      i = putAsciiWords(text, length);
    }
    for (; i < length; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        putByte(c);
      } else if (c < 0x800) {
        putByte(0xc0 | (c >> 6));
        putByte(0x80 | (c & 0x3f));
      } else {
        i += putWide(text, i, c);
      }
    }
  }

  /** Adds whole words while there is nothing but ASCII; returns how many characters it took. */
  private int putAsciiWords(String text, int length) {
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      long eight = 0;
      int seen = 0;
      for (int k = 0; k < 8; k++) {
        char c = text.charAt(i + k);
        seen |= c;
        eight |= (long) c << (8 * k);
      }
      if (seen >= 0x80) {
        return i;
      }
      bytes += 8;
      compress(eight);
    }
    return i;
  }

  /** Adds a character above U+07FF; returns how many further UTF-16 units it took. */
  private int putWide(String text, int index, char c) {
    if (!Character.isHighSurrogate(c) || index + 1 == text.length()) {
      putByte(0xe0 | (c >> 12));
      putByte(0x80 | ((c >> 6) & 0x3f));
      putByte(0x80 | (c & 0x3f));
      return 0;
    }
    int point = Character.toCodePoint(c, text.charAt(index + 1));
    putByte(0xf0 | (point >> 18));
    putByte(0x80 | ((point >> 12) & 0x3f));
    putByte(0x80 | ((point >> 6) & 0x3f));
    putByte(0x80 | (point & 0x3f));
    return 1;
  }

  void putByte(int value) {
    word |= (value & 0xffL) << (8 * (bytes & 7));
    bytes++;
    if ((bytes & 7) == 0) {
      compress(word);
      word = 0;
    }
  }

  private void compress(long m) {
    v3 ^= m;
    round();
    round();
    v0 ^= m;
  }

  void finish() {
    compress(word | ((long) bytes << 56));
    v2 ^= 0xee;
    fourRounds();
    low = v0 ^ v1 ^ v2 ^ v3;
    v1 ^= 0xdd;
    fourRounds();
    high = v0 ^ v1 ^ v2 ^ v3;
  }

  /** The second eight bytes of the reference output, little-endian. */
  long high() {
    return high;
  }

  /** The first eight bytes of the reference output, little-endian. */
  long low() {
    return low;
  }

  private void fourRounds() {
    round();
    round();
    round();
    round();
  }

  private void round() {
    v0 += v1;
    v1 = Long.rotateLeft(v1, 13) ^ v0;
    v0 = Long.rotateLeft(v0, 32);
    v2 += v3;
    v3 = Long.rotateLeft(v3, 16) ^ v2;
    v0 += v3;
    v3 = Long.rotateLeft(v3, 21) ^ v0;
    v2 += v1;
    v1 = Long.rotateLeft(v1, 17) ^ v2;
    v2 = Long.rotateLeft(v2, 32);
  }
}
