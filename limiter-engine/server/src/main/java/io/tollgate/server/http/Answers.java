package io.tollgate.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.tollgate.server.door.Bytes;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The answers of one connection, in the order of its requests.
 *
 * <p>An answer that comes before an earlier one is kept. Answers to pipelined requests share
 * buffers and one flush.
 */
final class Answers {

  /** Pipelined requests read ahead of their answers; a remote store may hold that many. */
  private static final int MOST_OPEN = 128;

  /** Room for a few answers of some 600 bytes each; then for a whole pipeline of them. */
  private static final int FIRST_BUFFER = 2 * 1024;

  private static final int NEXT_BUFFER = 16 * 1024;
  private static final byte[] CONTINUE = Bytes.constant("HTTP/1.1 100 Continue\r\n\r\n");

  private final Channel channel;
  private final Loop loop;
  private final ArrayDeque<Exchange> open = new ArrayDeque<>(4);
  private @Nullable ByteBuf out;
  private boolean more;
  private boolean ended;

  Answers(Channel channel, Loop loop) {
    this.channel = channel;
    this.loop = loop;
  }

  /** Gives a request its place. */
  void open(Exchange exchange) {
    open.addLast(exchange);
  }

  /** Whether no request waits for its answer. */
  boolean idle() {
    return open.isEmpty();
  }

  /** Whether so many wait that no more should be read. */
  boolean full() {
    return open.size() >= MOST_OPEN;
  }

  /** Whether the last answer of the connection has been written. */
  boolean ended() {
    return ended;
  }

  /** Whether nothing has been asked after this request. */
  boolean newest(Exchange exchange) {
    return open.peekLast() == exchange;
  }

  /** Sends 100 Continue when it is this request's turn. */
  void continueFor(Exchange exchange) {
    if (open.peekFirst() == exchange) {
      append(CONTINUE.length).writeBytes(CONTINUE);
    } else {
      exchange.continues(true);
    }
  }

  /** Takes an answer; it leaves when all earlier ones have left. */
  void complete(Exchange exchange, Bytes head, Bytes body) {
    int size = head.length() + body.length();
    if (open.peekFirst() == exchange) {
      open.pollFirst();
      copy(head, body, append(size));
      leave(exchange);
      next();
    } else {
      ByteBuf kept = channel.alloc().buffer(size);
      copy(head, body, kept);
      exchange.keep(kept);
    }
  }

  private static void copy(Bytes head, Bytes body, ByteBuf target) {
    head.copyTo(target);
    body.copyTo(target);
  }

  private void next() {
    Exchange first = open.peekFirst();
    while (first != null) {
      ByteBuf kept = first.takeKept();
      if (kept == null) {
        if (first.continues()) {
          first.continues(false);
          append(CONTINUE.length).writeBytes(CONTINUE);
        }
        return;
      }
      try {
        append(kept.readableBytes()).writeBytes(kept);
      } finally {
        kept.release();
      }
      open.pollFirst();
      leave(first);
      first = open.peekFirst();
    }
  }

  private void leave(Exchange exchange) {
    ended |= exchange.last();
    loop.giveBack(exchange);
  }

  private ByteBuf append(int size) {
    ByteBuf buffer = out;
    if (buffer != null && buffer.writableBytes() >= size) {
      return buffer;
    }
    write();
    buffer = channel.alloc().ioBuffer(Math.max(size, more ? NEXT_BUFFER : FIRST_BUFFER));
    out = buffer;
    more = true;
    return buffer;
  }

  private void write() {
    ByteBuf buffer = out;
    if (buffer != null) {
      out = null;
      var _ = channel.write(buffer, channel.voidPromise());
    }
  }

  /** Sends what has been written. */
  void flush() {
    if (out != null) {
      write();
      channel.flush();
    }
    more = false;
  }

  /** Sends what has been written, and says when it has left. */
  ChannelFuture flushLast() {
    ByteBuf buffer = out;
    out = null;
    return channel.writeAndFlush(buffer == null ? Unpooled.EMPTY_BUFFER : buffer);
  }

  /** Takes back the place of a request that never became whole. */
  void withdraw(Exchange exchange) {
    if (open.removeLastOccurrence(exchange)) {
      loop.giveBack(exchange);
    }
  }

  /** Releases everything when the connection is gone. */
  void abandon() {
    ByteBuf buffer = out;
    out = null;
    if (buffer != null) {
      buffer.release();
    }
    for (Exchange exchange : open) {
      exchange.abandon();
    }
    open.clear();
  }
}
