package io.tollgate.limiter.redis;

import java.nio.charset.StandardCharsets;

/**
 * The slots of Redis Cluster, and for each a short text that falls into it.
 *
 * <p>Keys with the same text in braces share a slot, and so a node: what must change in one step
 * has it in all of its keys. Source: Redis Cluster specification, key distribution model.
 */
public final class Slots {

  /** How many there are. */
  public static final int COUNT = 16_384;

  private static final String LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz";
  private static final int[] CRC = crcTable();
  private static final String[] TAGS = tags();

  private Slots() {}

  /** A text of at most four letters that falls into a slot. */
  static String tag(int slot) {
    return TAGS[slot];
  }

  /** The slot of a text: CRC16 in the form of XMODEM. */
  public static int of(String text) {
    int crc = 0;
    for (byte b : text.getBytes(StandardCharsets.US_ASCII)) {
      crc = (crc << 8 ^ CRC[(crc >>> 8 ^ b) & 0xff]) & 0xffff;
    }
    return crc % COUNT;
  }

  private static int[] crcTable() {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int crc = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
      }
      table[i] = crc & 0xffff;
    }
    return table;
  }

  /** The first text of each slot, the short ones first. */
  private static String[] tags() {
    String[] tags = new String[COUNT];
    int left = COUNT;
    for (int number = 0; left > 0; number++) {
      String text = text(number);
      int slot = of(text);
      if (tags[slot] == null) {
        tags[slot] = text;
        left--;
      }
    }
    return tags;
  }

  private static String text(int number) {
    StringBuilder text = new StringBuilder();
    int rest = number;
    do {
      text.append(LETTERS.charAt(rest % LETTERS.length()));
      rest = rest / LETTERS.length() - 1;
    } while (rest >= 0);
    return text.toString();
  }
}
