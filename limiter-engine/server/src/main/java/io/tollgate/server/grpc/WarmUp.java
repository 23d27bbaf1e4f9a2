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
import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.catalog.Catalog;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.check.HoldIds;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.envoy.v3.RateLimitDescriptor;
import io.tollgate.limiter.envoy.v3.RateLimitRequest;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.proto.EnvoyMethods;
import io.tollgate.limiter.proto.LimiterMethods;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.store.MemoryStoreConfig;
import io.tollgate.limiter.store.MemoryStoreConfig.WhenFull;
import io.tollgate.limiter.store.SystemMicroClock;
import io.tollgate.limiter.v1.CheckRequest;
import io.tollgate.limiter.v1.CheckStreamRequest;
import io.tollgate.server.metrics.Metrics;
import io.tollgate.server.metrics.Sources;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A few calls of each kind before anybody calls, over counters of their own and in memory only.
 *
 * <p>Classes are loaded and linked by the first call that needs them: without this it takes longer
 * than the 20 ms that Envoy waits. A warm-up that fails is told in the log and changes nothing
 * else.
 */
public final class WarmUp {

  private static final System.Logger LOG = System.getLogger(WarmUp.class.getName());
  private static final String NAMESPACE = "warm-up";

  /** The second and third meet what the first has left: a remembered connection, a used counter. */
  private static final int ROUNDS = 3;

  private static final int PREFIX_BYTES = 5;
  private static final long MOST_SECONDS = 2;

  private final Sources sources;
  private final Thread thread;
  private volatile boolean answered;

  private WarmUp(Sources sources) {
    this.sources = sources;
    this.thread = Thread.ofPlatform().name("tollgate-warm-up").daemon().unstarted(this::run);
  }

  /**
   * Begins on a thread of its own.
   *
   * @param sources what metrics ask; nothing of the warm-up is counted there
   */
  public static WarmUp begin(Sources sources) {
    WarmUp warmUp = new WarmUp(sources);
    warmUp.thread.start();
    return warmUp;
  }

  /**
   * Waits until it is over, which takes at most a few seconds.
   *
   * @return whether every call was answered
   */
  public boolean await() {
    try {
      var _ = thread.join(java.time.Duration.ofSeconds(2 * MOST_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return answered;
  }

  private void run() {
    LocalAddress address = new LocalAddress(WarmUp.class);
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    try {
      Server server = server(address, group, behind(sources)).build().start();
      try {
        answered = call(address, group);
      } finally {
        var _ = server.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "the first calls over gRPC will be slow: they could not be tried", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  private static Behind behind(Sources sources) {
    LimitSpec limit = LimitSpec.of("limit", new Algorithm.TokenBucket(1_000, 1_000_000, 1_000));
    Catalog catalog = new Catalog(List.of(NamespaceSpec.of(NAMESPACE, List.of(limit))));
    MemoryStore store =
        new MemoryStore(new SystemMicroClock(), new MemoryStoreConfig(1_024, 0, WhenFull.EVICT));
    Limiter limiter = new Limiter(_ -> catalog, store, new KeyHasher(1, 2), HoldIds.secure());
    return new Behind(
        limiter,
        Realm.live("standalone"),
        new Metrics(sources, System::nanoTime),
        InstantSource.system());
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
    if (!all) {
      LOG.log(Level.WARNING, "the first calls over gRPC will be slow: some were not answered");
    }
    channel.close().sync();
    return all;
  }

  /**
   * Calls by frames of HTTP/2: a client of gRPC would be classes that the server has no use for.
   */
  private static final class Calls extends ByteToMessageDecoder {

    private final DefaultHttp2FrameWriter writer = new DefaultHttp2FrameWriter();
    private final DefaultHttp2FrameReader reader = new DefaultHttp2FrameReader();
    private final CountDownLatch open = new CountDownLatch(3 * ROUNDS);
    private int stream = 1;

    @Override
    public void channelActive(ChannelHandlerContext context) {
      var _ = context.write(Http2CodecUtil.connectionPrefaceBuf());
      var _ = writer.writeSettings(context, new Http2Settings(), context.newPromise());
      CheckRequest check =
          CheckRequest.newBuilder().setIdentifier("x").setNamespace(NAMESPACE).build();
      RateLimitDescriptor descriptor =
          RateLimitDescriptor.newBuilder()
              .addEntries(RateLimitDescriptor.Entry.newBuilder().setKey("x").setValue("y"))
              .build();
      for (int i = 0; i < ROUNDS; i++) {
        call(context, LimiterMethods.CHECK, check);
        call(
            context,
            LimiterMethods.CHECK_STREAM,
            CheckStreamRequest.newBuilder().setCheck(check).build());
        call(
            context,
            EnvoyMethods.SHOULD_RATE_LIMIT,
            RateLimitRequest.newBuilder().setDomain(NAMESPACE).addDescriptors(descriptor).build());
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
