package io.tollgate.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import io.tollgate.server.door.Bytes;
import io.tollgate.server.door.HeaderLines;
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
    HeaderLines.each(
        bytes,
        HeaderLines.next(bytes, 0),
        (name, value) -> {
          if (!HttpHeaderNames.CONNECTION.contentEquals(name)) {
            fields.add(name);
            fields.add(value);
          }
        });
    return ReadOnlyHttp2Headers.serverHeaders(
        false, HttpResponseStatus.valueOf(status).codeAsText(), fields.toArray(AsciiString[]::new));
  }
}
