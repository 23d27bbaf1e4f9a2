package io.tollgate.server.resp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.tollgate.server.door.Bytes;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The answers of one connection, in the order of its commands.
 *
 * <p>An answer that comes before an earlier one is kept. All of a turn share buffers and one flush.
 */
final class Replies {

  /** Commands that are read ahead of their answers, as over HTTP; a remote store holds them. */
  private static final int MOST_OPEN = 128;

  /** Some ten answers to CL.THROTTLE; then a whole pipeline of them. */
  private static final int FIRST_BUFFER = 512;

  private static final int NEXT_BUFFER = 16 * 1024;

  private final Channel channel;
  private final Loop loop;
  private final ArrayDeque<Asked> open = new ArrayDeque<>(4);
  private @Nullable ByteBuf out;
  private boolean more;

  Replies(Channel channel, Loop loop) {
    this.channel = channel;
    this.loop = loop;
  }

  /** Whether no command waits for its answer. */
  boolean idle() {
    return open.isEmpty();
  }

  /** Whether so many wait that no more should be read. */
  boolean full() {
    return open.size() >= MOST_OPEN;
  }

  /** Gives a question its place. */
  void open(Asked asked) {
    open.addLast(asked);
  }

  /** Takes an answer that is known at once; it leaves behind all that were asked before. */
  void add(Bytes answer) {
    if (open.isEmpty()) {
      append(answer);
    } else {
      Asked place = loop.asked();
      place.keep(answer.copy());
      open.addLast(place);
    }
  }

  /** Takes the answer to a question; it leaves when all earlier ones have left. */
  void answered(Asked asked, Bytes answer) {
    if (open.peekFirst() != asked) {
      asked.keep(answer.copy());
      return;
    }
    append(answer);
    loop.giveBack(open.removeFirst());
    Asked next = open.peekFirst();
    while (next != null) {
      byte[] kept = next.kept();
      if (kept == null) {
        return;
      }
      append(kept.length).writeBytes(kept);
      loop.giveBack(open.removeFirst());
      next = open.peekFirst();
    }
  }

  private void append(Bytes answer) {
    answer.copyTo(append(answer.length()));
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

  /** Releases everything when the connection is gone. */
  void abandon() {
    ByteBuf buffer = out;
    out = null;
    if (buffer != null) {
      buffer.release();
    }
    open.forEach(Asked::abandon);
    open.clear();
  }
}
