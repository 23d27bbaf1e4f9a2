package io.tollgate.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;

/** Sets up a new connection: the meter, the parser, and the connection right behind it. */
final class DoorInitializer extends ChannelInitializer<Channel> {

  private final Door door;
  private final ChannelGroup connections;

  DoorInitializer(Door door, ChannelGroup connections) {
    this.door = door;
    this.connections = connections;
  }

  @Override
  protected void initChannel(Channel channel) {
    RequestDecoder decoder = new RequestDecoder();
    Meter meter = new Meter(door.metrics().ofThisLoop(), door.port());
    channel.pipeline().addLast(meter, decoder, new Connection(channel, door, decoder));
    connections.add(channel);
  }
}
