package io.tollgate.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.List;

/**
 * Netty's HTTP parser with our bounds, which also says whether a head has begun to arrive.
 *
 * <p>Only the decoding half of Netty's codec: answers are written as bytes.
 */
final class RequestDecoder extends HttpRequestDecoder {

  private static final int MOST_LINE = 8 * 1024;
  private static final int MOST_HEADERS = 16 * 1024;

  private boolean begun;

  RequestDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MOST_LINE)
            .setMaxHeaderSize(MOST_HEADERS)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true)
            .setAllowDuplicateContentLengths(false));
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    super.decode(ctx, in, out);
    begun = out.isEmpty();
  }

  /** Whether bytes have arrived that are not yet a whole part of a request. */
  boolean begun() {
    return begun;
  }
}
