package io.tollgate.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import io.tollgate.server.door.Bytes;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.RefusedException;
import io.tollgate.server.door.RequestIds;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The memory that all connections of one event loop share: scratch arrays, spare exchanges, the
 * text of the date.
 *
 * <p>A request is read, decided and written in one go once its body is whole, so that one of each
 * is enough.
 */
final class Loop {

  private static final FastThreadLocal<Loop> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected Loop initialValue() {
          return new Loop();
        }
      };

  /** Spare exchanges hold a check's arrays of some 1.5 KB each. */
  private static final int MOST_SPARE = 256;

  /** RFC 9110 5.6.7; unlike RFC 1123's formatter the JDK has, always with two digits of a day. */
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static final int KEPT = 64 * 1024;
  private static final int FIRST = 1024;

  private final ArrayDeque<Exchange> spare = new ArrayDeque<>();
  private final RequestIds ids = new RequestIds(new SplittableRandom());
  private final DecisionWriter decisions = new DecisionWriter(ids);
  private final Bytes head = new Bytes();
  private final Bytes body = new Bytes();
  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private byte[] bytes = new byte[FIRST];
  private CharBuffer chars = CharBuffer.allocate(FIRST);
  private long dateSecond = Long.MIN_VALUE;
  private byte[] date = {};

  private Loop() {}

  /** The loop of the calling thread. */
  static Loop current() {
    return OF_THREAD.get();
  }

  Exchange exchange() {
    Exchange exchange = spare.pollLast();
    return exchange == null ? new Exchange() : exchange;
  }

  /** Takes back an exchange that nobody will answer any more. */
  void giveBack(Exchange exchange) {
    exchange.account.leaves();
    exchange.abandon();
    if (spare.size() < MOST_SPARE) {
      spare.addLast(exchange);
    }
  }

  RequestIds ids() {
    return ids;
  }

  DecisionWriter decisions() {
    return decisions;
  }

  /** Empty bytes for the head of an answer. */
  Bytes head() {
    head.clear();
    return head;
  }

  /** Empty bytes for the body of an answer. */
  Bytes body() {
    body.clear();
    return body;
  }

  /**
   * Decodes a body strictly; the characters are good until the next call.
   *
   * @throws RefusedException when it is not UTF-8
   */
  CharBuffer decode(ByteBuf body) {
    int length = body.readableBytes();
    if (bytes.length < length || bytes.length > KEPT) {
      bytes = new byte[Math.max(FIRST, length)];
      // One byte never becomes more than one character.
      chars = CharBuffer.allocate(bytes.length);
    }
    body.getBytes(body.readerIndex(), bytes, 0, length);
    chars.clear();
    utf8.reset();
    ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
    if (utf8.decode(in, chars, true).isError() || utf8.flush(chars).isError()) {
      throw RefusedException.of(
          ErrorCode.INVALID_UTF8, "the byte at offset " + in.position() + " is not UTF-8");
    }
    return chars.flip();
  }

  /** The text of a Date header, made once a second. */
  byte[] date(long nowMillis) {
    long second = nowMillis / 1_000;
    if (second != dateSecond) {
      date = Bytes.constant(HTTP_DATE.format(Instant.ofEpochMilli(nowMillis)));
      dateSecond = second;
    }
    return date;
  }
}
