package io.tollgate.server.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A body that is sent as fast as the server makes room for it. */
final class H2Upload {

  private final H2Client client;
  private final int stream;
  private final byte[] body;
  private int sent;

  H2Upload(H2Client client, int stream, String body) {
    this.client = client;
    this.stream = stream;
    this.body = body.getBytes(StandardCharsets.US_ASCII);
  }

  int stream() {
    return stream;
  }

  /** Sends what there is room for; whether all has been sent. */
  boolean goOn() {
    try {
      while (sent < body.length) {
        int count = Math.min(body.length - sent, client.wire.room(stream));
        if (count == 0) {
          return false;
        }
        client.wire.use(stream, count);
        int end = sent + count == body.length ? H2Wire.END_STREAM : 0;
        byte[] part = Arrays.copyOfRange(body, sent, sent + count);
        client.send(H2Wire.frame(H2Wire.DATA, end, stream, part));
        sent += count;
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
