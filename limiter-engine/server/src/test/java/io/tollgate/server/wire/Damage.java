package io.tollgate.server.wire;

import java.util.List;
import java.util.Random;

/** What a broken or a hostile sender does to bytes. */
final class Damage {

  private static final int MOST_REPEATS = 20_000;

  /** What parsers have disagreed about. */
  private static final List<String> PIECES =
      List.of(
          "\r\n",
          "\n",
          "\r",
          "\r\n\r\n",
          "\n\n",
          " ",
          "\t",
          "\u000b",
          "\u0000",
          "\u0080",
          "\u00ff",
          ":",
          ",",
          ";",
          "\r\n ",
          "\r\n\t",
          " :",
          "Content-Length: 5\r\n",
          "Content-Length: 0\r\n",
          "Content-Length: +5\r\n",
          "Content-Length: 5, 5\r\n",
          "Content-Length: 0x5\r\n",
          "Content-Length: -1\r\n",
          "Content-Length: 99999999999999999999\r\n",
          "Content-Length:\r\n",
          "Content-Length : 5\r\n",
          "Transfer-Encoding: chunked\r\n",
          "Transfer-Encoding: Chunked, identity\r\n",
          "Transfer-Encoding: xchunked\r\n",
          "Transfer-Encoding : chunked\r\n",
          "Transfer-Encoding:\u000bchunked\r\n",
          "Transfer-Encoding: gzip\r\n",
          "Transfer-Encoding:\r\n chunked\r\n",
          "0\r\n\r\n",
          "1;a\r\nx\r\n",
          "fffffff\r\n",
          "ffffffffffffffff1\r\n",
          "-1\r\n",
          "HTTP/1.1",
          "HTTP/1.0",
          "HTTP/1.2",
          "HTTP/2.0",
          "HTTP/9.9",
          "HTTP/1.10",
          "GET / HTTP/1.1\r\n",
          "Host: evil\r\n",
          "Connection: close\r\n",
          "Connection: upgrade\r\nUpgrade: h2c\r\n",
          "Expect: 100-continue\r\n",
          "Expect: tea\r\n",
          "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
          "\u0016\u0003\u0001\u0002\u0000\u0001\u0000",
          "{",
          "}",
          "[",
          "\"",
          "\\u0000",
          "\\ud800");

  private Damage() {}

  /** Damages bytes in Latin-1 once to a few times, or leaves them whole. */
  static String done(Random random, String bytes, String other) {
    String damaged = bytes;
    int times = random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(3);
    for (int i = 0; i < times && !damaged.isEmpty(); i++) {
      damaged = once(random, damaged, other);
    }
    return damaged;
  }

  private static String once(Random random, String bytes, String other) {
    StringBuilder out = new StringBuilder(bytes);
    int at = place(random, bytes);
    int length = Math.min(bytes.length() - at, 1 + random.nextInt(1 + random.nextInt(60)));
    switch (random.nextInt(10)) {
      case 0 -> out.setCharAt(at, (char) (bytes.charAt(at) ^ (1 << random.nextInt(8))));
      case 1 -> out.setCharAt(at, (char) random.nextInt(256));
      case 2, 3, 4 -> out.insert(at, PIECES.get(random.nextInt(PIECES.size())));
      case 5 -> out.delete(at, at + length);
      case 6 -> out.insert(at, bytes.substring(at, at + length));
      case 7 -> out.replace(at, bytes.length(), other.substring(random.nextInt(other.length())));
      case 8 -> out.setLength(at + 1);
      default -> {
        String piece = bytes.substring(at, Math.min(bytes.length(), at + 1 + random.nextInt(4)));
        out.insert(at, piece.repeat(1 + random.nextInt(MOST_REPEATS)));
      }
    }
    return out.toString();
  }

  /** Heads are where a parser can be misled, line ends above all. */
  private static int place(Random random, String bytes) {
    int at = random.nextInt(bytes.length());
    if (random.nextBoolean()) {
      int end = bytes.indexOf('\n', at);
      return end < 0 ? at : Math.max(0, end - 1 + random.nextInt(2));
    }
    return at;
  }
}
