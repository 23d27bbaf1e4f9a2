package io.tollgate.limiter.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.constraints.UniqueElements;
import org.bouncycastle.crypto.macs.SipHash128;
import org.bouncycastle.crypto.params.KeyParameter;

/** Our SipHash is that of its authors: by their vectors, and by Bouncy Castle's for any input. */
class SipHashTest {

  /** The reference key 00 01 … 0f as two little-endian words. */
  private static final long K0 = 0x0706050403020100L;

  private static final long K1 = 0x0f0e0d0c0b0a0908L;

  private static byte[] ours(long k0, long k1, byte[] input) {
    SipHash hash = new SipHash(k0, k1);
    for (byte b : input) {
      hash.putByte(b);
    }
    return finished(hash);
  }

  private static byte[] finished(SipHash hash) {
    hash.finish();
    return littleEndian().putLong(hash.low()).putLong(hash.high()).array();
  }

  private static ByteBuffer littleEndian() {
    return ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] theirs(long k0, long k1, byte[] input) {
    SipHash128 mac = new SipHash128(2, 4);
    mac.init(new KeyParameter(littleEndian().putLong(k0).putLong(k1).array()));
    mac.update(input, 0, input.length);
    byte[] output = new byte[16];
    mac.doFinal(output, 0);
    return output;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Example
  void referenceVectorsOfTheAuthorsHold() {
    assertEquals("a3817f04ba25a8e66df67214c7550293", hex(ours(K0, K1, new byte[0])));
    assertEquals("da87c1d86b99af44347659119b22fc45", hex(ours(K0, K1, new byte[] {0})));
    assertEquals("8177228da4a45dc7fca38bdef60affe4", hex(ours(K0, K1, new byte[] {0, 1})));
  }

  @Property
  void hashOfBytesIsThatOfBouncyCastle(
      @ForAll long k0, @ForAll long k1, @ForAll @Size(max = 600) byte[] input) {
    assertEquals(hex(theirs(k0, k1, input)), hex(ours(k0, k1, input)));
  }

  /** The length counts UTF-16 units, the text is UTF-8. Lone surrogates never get here. */
  @Property
  void fieldIsHashedAsItsLengthAndItsUtf8(
      @ForAll long k0, @ForAll long k1, @ForAll @StringLength(max = 300) String text) {
    String valid = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    byte[] utf8 = valid.getBytes(StandardCharsets.UTF_8);
    ByteBuffer input = ByteBuffer.allocate(2 + utf8.length).order(ByteOrder.LITTLE_ENDIAN);
    input.putShort((short) valid.length()).put(utf8);
    SipHash hash = new SipHash(k0, k1);
    hash.putField(valid);
    assertEquals(hex(theirs(k0, k1, input.array())), hex(finished(hash)));
  }

  /** From a whole word on, ASCII is read eight bytes at a time. */
  @Property
  void textBehindAFullWordIsHashedAsItsUtf8(
      @ForAll long k0, @ForAll @CharRange(to = 130) @StringLength(max = 80) String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    byte[] input = new byte[8 + utf8.length];
    input[0] = 7;
    System.arraycopy(utf8, 0, input, 8, utf8.length);
    SipHash hash = new SipHash(k0, K1);
    hash.putByte(7);
    hash.align();
    SipHash copy = new SipHash(hash);
    copy.putText(text);
    assertEquals(hex(theirs(k0, K1, input)), hex(finished(copy)));
  }

  @Property
  void tuplesOfTextsNeverRunTogether(
      @ForAll @Size(3) @UniqueElements List<@StringLength(max = 5) String> parts) {
    KeyHasher hasher = new KeyHasher(K0, K1);
    Realm realm = Realm.live("r");
    NamespaceKeys keys = hasher.keys(realm, "n");
    long distinct =
        Stream.of(
                keys.key(parts.get(0), parts.get(0)),
                keys.key(parts.get(1), parts.get(0)),
                keys.key(parts.get(0), parts.get(1)),
                hasher.keys(realm, "n" + parts.get(0)).key(parts.get(2), parts.get(2)),
                keys.sharedKey(),
                hasher.keys(Realm.test("rn"), "").key(parts.get(0), parts.get(0)))
            .distinct()
            .count();
    assertEquals(6, distinct);
  }
}
