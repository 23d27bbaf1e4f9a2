package io.tollgate.server.grpc;

import com.google.protobuf.MessageLite;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.envoy.v3.RateLimitDescriptor;
import io.tollgate.limiter.envoy.v3.RateLimitRequest;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.proto.EnvoyMethods;
import io.tollgate.limiter.proto.LimiterMethods;
import io.tollgate.limiter.v1.CheckRequest;
import io.tollgate.limiter.v1.CheckStreamRequest;
import io.tollgate.server.door.WarmUp;
import io.tollgate.server.metrics.Metrics;
import io.tollgate.server.metrics.Sources;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The first calls over gRPC, and Envoy's: a server of its own, asked in memory. */
public final class GrpcWarmUp {

  private static final int PREFIX_BYTES = 5;
  private static final long MOST_SECONDS = 2;

  private GrpcWarmUp() {}

  /**
   * Makes them.
   *
   * @param limiter over counters of its own
   * @param sources what metrics ask; nothing of this is counted there
   * @return whether every call was answered
   */
  public static boolean call(Limiter limiter, Sources sources)
      throws IOException, InterruptedException {
    LocalAddress address = new LocalAddress(GrpcWarmUp.class);
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    Behind behind =
        new Behind(
            limiter,
            Realm.live("standalone"),
            new Metrics(sources, System::nanoTime),
            InstantSource.system());
    try {
      Server server = server(address, group, behind).build().start();
      try {
        return call(address, group);
      } finally {
        var _ = server.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
      }
    } finally {
      var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  private static NettyServerBuilder server(
      LocalAddress address, EventLoopGroup group, Behind behind) {
    return NettyServerBuilder.forAddress(address)
        .channelFactory(Listener::new)
        .bossEventLoopGroup(group)
        .workerEventLoopGroup(group)
        .directExecutor()
        .addService(LimiterCalls.service(behind))
        .addService(EnvoyCalls.service(behind));
  }

  private static boolean call(LocalAddress address, EventLoopGroup group)
      throws InterruptedException {
    Calls calls = new Calls();
    Channel channel =
        new Bootstrap()
            .group(group)
            .channel(LocalChannel.class)
            .handler(calls)
            .connect(address)
            .sync()
            .channel();
    boolean all = calls.open.await(MOST_SECONDS, TimeUnit.SECONDS);
    channel.close().sync();
    return all;
  }

  /**
   * Calls by frames of HTTP/2: a client of gRPC would be classes that the server has no use for.
   */
  private static final class Calls extends ByteToMessageDecoder {

    private final DefaultHttp2FrameWriter writer = new DefaultHttp2FrameWriter();
    private final DefaultHttp2FrameReader reader = new DefaultHttp2FrameReader();
    private final CountDownLatch open = new CountDownLatch(3 * WarmUp.ROUNDS);
    private int stream = 1;

    @Override
    public void channelActive(ChannelHandlerContext context) {
      var _ = context.write(Http2CodecUtil.connectionPrefaceBuf());
      var _ = writer.writeSettings(context, new Http2Settings(), context.newPromise());
      CheckRequest check =
          CheckRequest.newBuilder().setIdentifier("x").setNamespace(WarmUp.NAMESPACE).build();
      RateLimitDescriptor descriptor =
          RateLimitDescriptor.newBuilder()
              .addEntries(RateLimitDescriptor.Entry.newBuilder().setKey("x").setValue("y"))
              .build();
      for (int i = 0; i < WarmUp.ROUNDS; i++) {
        call(context, LimiterMethods.CHECK, check);
        call(
            context,
            LimiterMethods.CHECK_STREAM,
            CheckStreamRequest.newBuilder().setCheck(check).build());
        call(
            context,
            EnvoyMethods.SHOULD_RATE_LIMIT,
            RateLimitRequest.newBuilder()
                .setDomain(WarmUp.NAMESPACE)
                .addDescriptors(descriptor)
                .build());
      }
      context.flush();
    }

    private void call(
        ChannelHandlerContext context, MethodDescriptor<?, ?> method, MessageLite message) {
      Http2Headers head =
          new DefaultHttp2Headers()
              .method("POST")
              .scheme("http")
              .authority("warm-up")
              .path("/" + method.getFullMethodName())
              .set("content-type", "application/grpc")
              .set("te", "trailers");
      byte[] bytes = message.toByteArray();
      ByteBuf data = context.alloc().buffer(PREFIX_BYTES + bytes.length);
      data.writeByte(0).writeInt(bytes.length).writeBytes(bytes);
      var _ = writer.writeHeaders(context, stream, head, 0, false, context.newPromise());
      var _ = writer.writeData(context, stream, data, 0, true, context.newPromise());
      stream += 2;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
        throws Http2Exception {
      reader.readFrame(context, in, new Ends());
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
      writer.close();
      reader.close();
    }

    /** Sees which calls are over. */
    private final class Ends extends Http2FrameAdapter {

      @Override
      public void onHeadersRead(
          ChannelHandlerContext context,
          int streamId,
          Http2Headers headers,
          int padding,
          boolean endStream) {
        if (endStream) {
          open.countDown();
        }
      }
    }
  }

  /** Accepts connections in memory. */
  private static final class Listener extends LocalServerChannel {

    @Override
    protected LocalChannel newLocalChannel(LocalChannel peer) {
      return new Accepted(this, peer);
    }
  }

  /** Takes the option of TCP that gRPC sets on every connection; Netty would warn of it. */
  private static final class Accepted extends LocalChannel {

    private final @Nullable ChannelConfig tolerant;

    Accepted(LocalServerChannel parent, LocalChannel peer) {
      super(parent, peer);
      tolerant =
          new DefaultChannelConfig(this) {
            @Override
            public <T> boolean setOption(ChannelOption<T> option, T value) {
              return option.equals(ChannelOption.SO_KEEPALIVE) || super.setOption(option, value);
            }
          };
    }

    /** The usual one while it is being made. */
    @Override
    public ChannelConfig config() {
      return tolerant == null ? super.config() : tolerant;
    }
  }
}
