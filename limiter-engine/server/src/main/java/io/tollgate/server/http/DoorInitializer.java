package io.tollgate.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;

/** Sets up a new connection: the parser, and the connection right behind it. */
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
    channel.pipeline().addLast(decoder, new Connection(channel, door, decoder));
    connections.add(channel);
  }
}
