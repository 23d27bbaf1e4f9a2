package io.tollgate.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client's side of HTTP/2: makes frames, also wrong ones, and understands those of the server.
 */
final class H2Wire {

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RESET = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;

  static final int FLOW_CONTROL_ERROR = 3;
  static final int FRAME_SIZE_ERROR = 6;
  static final int MOST_FRAME = 16 * 1024;

  static final int INITIAL_WINDOW_SIZE = 4;

  static final int NO_ERROR = 0;
  static final int PROTOCOL_ERROR = 1;
  static final int STREAM_CLOSED = 5;
  static final int REFUSED_STREAM = 7;
  static final int ENHANCE_YOUR_CALM = 11;

  private static final int FRAME_HEAD = 9;

  /** A frame that was received. */
  static final class Frame {
    final int type;
    final int stream;
    final byte[] payload;
    private final int flags;

    Frame(int type, int flags, int stream, byte[] payload) {
      this.type = type;
      this.flags = flags;
      this.stream = stream;
      this.payload = payload;
    }

    boolean has(int flag) {
      return (flags & flag) != 0;
    }

    /** The unsigned number of four bytes at an offset. */
    long number(int offset) {
      return Integer.toUnsignedLong(ByteBuffer.wrap(payload).getInt(offset));
    }
  }

  /** What has come on a stream so far. */
  static final class Received {
    final List<Integer> interim = new ArrayList<>();
    final Map<String, String> headers = new LinkedHashMap<>();
    final ByteArrayOutputStream body = new ByteArrayOutputStream();
    int status;
    boolean ended;
    long reset = -1;

    Answer answer() {
      return new Answer(status, headers, body.toString(StandardCharsets.UTF_8));
    }
  }

  private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(true);
  private final ByteBuf in = Unpooled.buffer();
  private final Map<Integer, Received> streams = new LinkedHashMap<>();
  private final Map<Integer, Long> room = new LinkedHashMap<>(Map.of(0, 65_535L));
  private long firstRoom;
  private @Nullable Frame goAway;

  static byte[] preface() {
    return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  }

  /** Preface and settings, pairs of id and value. */
  static byte[] hello(int... settings) {
    return join(preface(), settings(settings));
  }

  static byte[] settings(int... settings) {
    ByteBuffer payload = ByteBuffer.allocate(settings.length / 2 * 6);
    for (int i = 0; i < settings.length; i += 2) {
      payload.putShort((short) settings[i]).putInt(settings[i + 1]);
    }
    return frame(SETTINGS, 0, 0, payload.array());
  }

  static byte[] frame(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(FRAME_HEAD + payload.length)
        .put((byte) (payload.length >> 16))
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  static byte[] data(int stream, boolean end, String text) {
    return frame(DATA, end ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] reset(int stream) {
    return frame(RESET, 0, stream, new byte[] {0, 0, 0, 8});
  }

  static byte[] ping(long content) {
    return frame(PING, 0, 0, ByteBuffer.allocate(8).putLong(content).array());
  }

  static byte[] windowUpdate(int stream, int bytes) {
    return frame(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** A head in one frame; names and values alternate, nothing is checked. */
  byte[] headers(int stream, boolean end, String... fields) {
    return frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(fields));
  }

  /** A compressed head, in exactly this order. */
  byte[] block(String... fields) {
    ByteBuf out = Unpooled.buffer();
    for (int i = 0; i < fields.length; i += 2) {
      Http2Headers one = new DefaultHttp2Headers(false).add(fields[i], fields[i + 1]);
      try {
        encoder.encodeHeaders(1, one, out);
      } catch (Http2Exception e) {
        throw new IllegalArgumentException(e);
      }
    }
    return ByteBufUtil.getBytes(out);
  }

  /** The head of a request, to which more fields may be added. */
  static String[] head(String method, String path, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                ":method", method, ":scheme", "http", ":path", path, ":authority", "localhost"));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  byte[] post(int stream, String path, String body, String... more) {
    return join(headers(stream, false, head("POST", path, more)), data(stream, true, body));
  }

  byte[] get(int stream, String path, String... more) {
    return headers(stream, true, head("GET", path, more));
  }

  /** Takes bytes of the server; returns the frames that are whole now. */
  List<Frame> take(byte[] bytes) throws Http2Exception {
    in.writeBytes(bytes);
    List<Frame> frames = new ArrayList<>();
    while (in.readableBytes() >= FRAME_HEAD
        && in.readableBytes() >= FRAME_HEAD + in.getUnsignedMedium(in.readerIndex())) {
      byte[] payload = new byte[in.readUnsignedMedium()];
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      in.readBytes(payload);
      Frame frame = new Frame(type, flags, stream, payload);
      note(frame);
      frames.add(frame);
    }
    return frames;
  }

  private void note(Frame frame) throws Http2Exception {
    Received to = stream(frame.stream);
    switch (frame.type) {
      case HEADERS -> head(frame, to);
      case DATA -> to.body.writeBytes(frame.payload);
      // What else still comes on the stream may be answered by more of them.
      case RESET -> to.reset = to.reset < 0 ? frame.number(0) : to.reset;
      case GOAWAY -> goAway = frame;
      case SETTINGS -> noteSettings(frame);
      case WINDOW_UPDATE -> room.merge(frame.stream, frame.number(0), Long::sum);
      default -> {}
    }
    to.ended |= frame.type <= HEADERS && frame.has(END_STREAM);
  }

  private void noteSettings(Frame frame) {
    for (int i = 0; i < frame.payload.length; i += 6) {
      if (frame.payload[i + 1] == INITIAL_WINDOW_SIZE) {
        firstRoom = frame.number(i + 2);
      }
    }
  }

  /** How many bytes the server would take now in one frame of a stream. */
  int room(int stream) {
    long ofStream = firstRoom + room.getOrDefault(stream, 0L);
    long ofAll = room.getOrDefault(0, 0L);
    return Math.clamp(Math.min(ofStream, ofAll), 0, MOST_FRAME);
  }

  void use(int stream, int bytes) {
    room.merge(stream, (long) -bytes, Long::sum);
    room.merge(0, (long) -bytes, Long::sum);
  }

  private void head(Frame frame, Received to) throws Http2Exception {
    if (!frame.has(END_HEADERS)) {
      throw new AssertionError("the server sent a head in parts");
    }
    Http2Headers headers =
        decoder.decodeHeaders(frame.stream, Unpooled.wrappedBuffer(frame.payload));
    int status = Integer.parseInt(String.valueOf(headers.status()));
    if (status < 200) {
      to.interim.add(status);
      return;
    }
    to.status = status;
    headers.forEach(header -> {
      String name = header.getKey().toString();
      if (name.charAt(0) != ':' && to.headers.put(name, header.getValue().toString()) != null) {
        throw new AssertionError("the header " + name + " occurs twice");
      }
    });
  }

  Received stream(int id) {
    return streams.computeIfAbsent(id, _ -> new Received());
  }

  /** The server's last GOAWAY; null when there was none. */
  @Nullable Frame goAway() {
    return goAway;
  }
}
