package io.tollgate.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
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
    super.decode(ctx, in, out);
    begun = out.isEmpty();
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
