package io.tollgate.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;

/** Sets up a new connection. */
final class DoorInitializer extends ChannelInitializer<Channel> {

  private final Door door;
  private final ChannelGroup connections;

  DoorInitializer(Door door, ChannelGroup connections) {
    this.door = door;
    this.connections = connections;
  }

  @Override
  protected void initChannel(Channel channel) {
    Protocols.http1(channel, door, true);
    connections.add(channel);
  }
}
