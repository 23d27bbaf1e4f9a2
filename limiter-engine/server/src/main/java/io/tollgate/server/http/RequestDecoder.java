package io.tollgate.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Netty's HTTP parser with our bounds, which also says whether a head has begun to arrive.
 *
 * <p>Only the decoding half of Netty's codec: answers are written as bytes.
 */
final class RequestDecoder extends HttpRequestDecoder {

  private static final int MOST_LINE = 8 * 1024;
  private static final int MOST_HEADERS = 16 * 1024;

  /** What a client of HTTP/2 sends first (RFC 9113 3.4); made so that it is no HTTP/1.1. */
  private static final ByteBuf PREFACE =
      Unpooled.unreleasableBuffer(
          Unpooled.copiedBuffer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", StandardCharsets.US_ASCII)
              .asReadOnly());

  /** Where a client of HTTP/2 belongs; null when this one speaks HTTP/1.1 for sure. */
  private @Nullable Door other;

  private boolean begun;

  /** Whether what comes next belongs to a head, not to a body. */
  private boolean inHead = true;

  /** Whether the last byte that was taken ended a line of a head that goes on. */
  private boolean afterLine;

  /** Whether what was taken of a head can be read in two ways, though Netty reads it in one. */
  private boolean odd;

  /** Whether nothing but empty lines has come before a head. */
  private boolean leading = true;

  /** Whether the last byte before a head was a CR, whose LF must follow. */
  private boolean afterReturn;

  /** Reads requests of HTTP/1.1. */
  RequestDecoder() {
    this(null);
  }

  /** Reads requests of HTTP/1.1, unless the first bytes are those of HTTP/2. */
  RequestDecoder(@Nullable Door other) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MOST_LINE)
            .setMaxHeaderSize(MOST_HEADERS)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true)
            .setAllowDuplicateContentLengths(false));
    this.other = other;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (other != null && isOther(ctx, in, other)) {
      begun = true;
      return;
    }
    int from = in.readerIndex();
    super.decode(ctx, in, out);
    begun = out.isEmpty();
    if (inHead) {
      odd |= leading && isOddBefore(in, from);
      odd |= isFolded(in, from, begun);
    }
    if (!begun) {
      if (odd && out.getFirst() instanceof HttpRequest request) {
        request.setDecoderResult(
            DecoderResult.failure(new IllegalArgumentException("blanks where none may be")));
      }
      odd = false;
      afterLine = false;
      inHead = out.getLast() instanceof LastHttpContent;
      leading = inHead;
    }
  }

  /**
   * Whether a head comes after anything but empty lines (RFC 9112 2.2): Netty skips all controls
   * and blanks.
   */
  private boolean isOddBefore(ByteBuf in, int from) {
    for (int i = from; i < in.readerIndex(); i++) {
      byte b = in.getByte(i);
      if (afterReturn ? b != '\n' : isBlank(b) || (isControl(b) && b != '\r')) {
        leading = false;
        return true;
      }
      if (!isControl(b)) {
        leading = false;
        return false;
      }
      afterReturn = b == '\r';
    }
    return false;
  }

  private static boolean isControl(byte b) {
    return b >= 0 && Character.isISOControl(b);
  }

  /**
   * Whether a line of a head begins with a blank (RFC 9112 2.2, 5.2), which Netty would append to
   * the line before.
   *
   * @param goesOn whether what was taken is only a part of the head, so that its last line is not
   *     the empty one
   */
  private boolean isFolded(ByteBuf in, int from, boolean goesOn) {
    int to = in.readerIndex();
    if (to == from) {
      return false;
    }
    boolean found = afterLine && isBlank(in.getByte(from));
    int line = in.indexOf(from, to, (byte) '\n');
    while (line >= 0 && line < to - 1) {
      found |= isBlank(in.getByte(line + 1));
      line = in.indexOf(line + 1, to, (byte) '\n');
    }
    afterLine = goesOn && line >= 0;
    return found;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  /** Whether the client speaks HTTP/2, or may still; decided once. */
  private boolean isOther(ChannelHandlerContext ctx, ByteBuf in, Door door) {
    int count = Math.min(in.readableBytes(), PREFACE.readableBytes());
    boolean same = ByteBufUtil.equals(in, in.readerIndex(), PREFACE, 0, count);
    if (same && count < PREFACE.readableBytes()) {
      return true;
    }
    other = null;
    if (same) {
      Protocols.switchToHttp2(ctx, door);
    }
    return same;
  }

  /** Whether bytes have arrived that are not yet a whole part of a request. */
  boolean begun() {
    return begun;
  }
}
