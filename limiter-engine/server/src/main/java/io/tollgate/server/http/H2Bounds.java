package io.tollgate.server.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/** Netty's HTTP/2 with our bounds, and each of its guards against floods switched on. */
final class H2Bounds extends AbstractHttp2ConnectionHandlerBuilder<H2Connection, H2Bounds> {

  /** Requests of one connection at once. */
  static final int MOST_STREAMS = 128;

  /** A check is some 100 bytes; more than this of a body is asked for only in its turn. */
  static final int WINDOW = 16 * 1024;

  /**
   * What all streams may send without being asked for more; with {@link H2LargeBodies} it bounds
   * the bodies that a connection holds at 128 times 16 KiB and 2 times 1 MiB, 4 MiB together.
   */
  static final int CONNECTION_WINDOW = MOST_STREAMS * WINDOW;

  private static final int MOST_HEADER_BYTES = 16 * 1024;

  /** Each way: streams that a client resets, and streams that it makes us reset. */
  private static final int MOST_RESETS = 200;

  private static final int RESET_SECONDS = 30;

  /** Pings and settings whose answers the client does not read. */
  private static final int MOST_CONTROL_FRAMES = 1_000;

  /** Frames that carry nothing; some clients end a body with one. */
  private static final int MOST_EMPTY_FRAMES = 8;

  /** Small pieces of one head. */
  private static final int MOST_SMALL_CONTINUATIONS = 16;

  private final Channel channel;
  private final Door door;

  private H2Bounds(Channel channel, Door door) {
    this.channel = channel;
    this.door = door;
  }

  /** A connection on a channel whose client speaks HTTP/2. */
  static H2Connection connection(Channel channel, Door door) {
    Http2Connection connection = new DefaultHttp2Connection(true, 0);
    // Priorities are deprecated (RFC 9113 5.3), and a tree of them is one more thing to attack.
    connection
        .remote()
        .flowController(
            new DefaultHttp2RemoteFlowController(
                connection, new UniformStreamByteDistributor(connection)));
    return new H2Bounds(channel, door)
        .connection(connection)
        .initialSettings(
            new Http2Settings()
                .maxConcurrentStreams(MOST_STREAMS)
                .initialWindowSize(WINDOW)
                .maxHeaderListSize(MOST_HEADER_BYTES))
        .validateHeaders(true)
        .validateRequiredPseudoHeaders(true)
        .encoderIgnoreMaxHeaderListSize(true)
        .encoderEnforceMaxQueuedControlFrames(MOST_CONTROL_FRAMES)
        .decoderEnforceMaxConsecutiveEmptyDataFrames(MOST_EMPTY_FRAMES)
        .decoderEnforceMaxSmallContinuationFrames(MOST_SMALL_CONTINUATIONS)
        .decoderEnforceMaxRstFramesPerWindow(MOST_RESETS, RESET_SECONDS)
        .encoderEnforceMaxRstFramesPerWindow(MOST_RESETS, RESET_SECONDS)
        .headerSensitivityDetector(H2Bounds::isNotKept)
        .build();
  }

  /**
   * Values that differ from answer to answer stay out of the table of headers: they would push out
   * what is the same, and a client may ask for a table of any size.
   */
  private static boolean isNotKept(CharSequence name, CharSequence value) {
    return name.charAt(0) != ':'
        && !HttpHeaderNames.CONTENT_TYPE.contentEquals(name)
        && !HttpHeaderNames.CACHE_CONTROL.contentEquals(name);
  }

  @Override
  protected H2Connection build(
      Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
    H2Connection built = new H2Connection(decoder, encoder, settings, channel, door);
    decoder.frameListener(built.streams());
    return built;
  }
}
