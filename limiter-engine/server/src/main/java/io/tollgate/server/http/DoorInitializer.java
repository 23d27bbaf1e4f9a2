package io.tollgate.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.tollgate.server.tls.TlsInForce;
import java.util.Optional;

/** Sets up a new connection: the meter, then what the client speaks. */
final class DoorInitializer extends ChannelInitializer<Channel> {

  private final Door door;
  private final ChannelGroup connections;
  private final Optional<TlsInForce> tls;

  DoorInitializer(Door door, ChannelGroup connections, Optional<TlsInForce> tls) {
    this.door = door;
    this.connections = connections;
    this.tls = tls;
  }

  @Override
  protected void initChannel(Channel channel) {
    if (!door.traffic().admit(channel, door.checks())) {
      door.metrics().ofThisLoop().refused(door.port());
      // Whoever is one too many costs less without an answer, and TLS would have to come before it.
      var _ = channel.close();
      return;
    }
    channel.pipeline().addLast(new Meter(door.metrics().ofThisLoop(), door.port()));
    connections.add(channel);
    if (tls.isPresent()) {
      Handshake.await(channel, tls.get().context(), door);
    } else {
      Protocols.http1(channel, door, true);
    }
  }
}
