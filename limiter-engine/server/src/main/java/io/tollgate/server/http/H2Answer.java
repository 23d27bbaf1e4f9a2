package io.tollgate.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;

/** Makes the head of an answer, which we write as HTTP/1.1 has it, one of HTTP/2. */
final class H2Answer {

  /** What asks a client to send the body that it announced. */
  static final Http2Headers CONTINUE =
      ReadOnlyHttp2Headers.serverHeaders(false, HttpResponseStatus.CONTINUE.codeAsText());

  private static final int STATUS_AT = "HTTP/1.1 ".length();
  private static final int DIGITS = 3;

  private H2Answer() {}

  /** The headers of an answer: names in lower case, without what is about the connection. */
  static Http2Headers head(Bytes head) {
    byte[] bytes = head.copy();
    int status = Integer.parseInt(new AsciiString(bytes, STATUS_AT, DIGITS, false), 0, DIGITS, 10);
    List<AsciiString> fields = new ArrayList<>(2 * 10);
    int line = next(bytes, 0);
    while (bytes[line] != '\r') {
      int colon = line;
      while (bytes[colon] != ':') {
        bytes[colon] = lower(bytes[colon]);
        colon++;
      }
      int next = next(bytes, line);
      AsciiString name = new AsciiString(bytes, line, colon - line, false);
      if (!HttpHeaderNames.CONNECTION.contentEquals(name)) {
        fields.add(name);
        fields.add(new AsciiString(bytes, colon + 2, next - 2 - (colon + 2), false));
      }
      line = next;
    }
    return ReadOnlyHttp2Headers.serverHeaders(
        false, HttpResponseStatus.valueOf(status).codeAsText(), fields.toArray(AsciiString[]::new));
  }

  private static int next(byte[] bytes, int from) {
    int at = from;
    while (bytes[at] != '\n') {
      at++;
    }
    return at + 1;
  }

  private static byte lower(byte c) {
    return c >= 'A' && c <= 'Z' ? (byte) (c + ('a' - 'A')) : c;
  }
}
