package io.tollgate.server.http;

import io.netty.util.AsciiString;
import io.tollgate.server.address.Address;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.RefusedException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the head of a gateway's request says of the request that the gateway has.
 *
 * @param socket who asks
 * @param values the headers that are there and not empty, as their bytes in Latin-1
 */
record AuthzHead(Address socket, Map<Name, String> values) {

  /** Of a socket whose other end is gone: nobody reads the answer. */
  private static final Address NOBODY = new Address(0, 0);

  /** The headers that matter. */
  enum Name {
    /** A key of the client's. */
    API_KEY("X-API-Key"),
    /** The credentials of the client. */
    AUTHORIZATION("Authorization"),
    /** The way from the client to the gateway. */
    FORWARDED_FOR("X-Forwarded-For"),
    /** What the client wants to do, as Traefik and Caddy say it. */
    FORWARDED_METHOD("X-Forwarded-Method"),
    /** And where. */
    FORWARDED_URI("X-Forwarded-Uri"),
    /** What the client wants to do, as it is usual with nginx. */
    ORIGINAL_METHOD("X-Original-Method"),
    /** And where. */
    ORIGINAL_URI("X-Original-URI"),
    /** How many units it costs. */
    COST("X-Tollgate-Cost");

    private static final Name[] ALL = values();

    private final String header;

    Name(String header) {
      this.header = header;
    }

    /** As it is usually written. */
    String header() {
      return header;
    }

    private static @Nullable Name of(CharSequence header) {
      for (Name name : ALL) {
        if (AsciiString.contentEqualsIgnoreCase(name.header, header)) {
          return name;
        }
      }
      return null;
    }
  }

  /**
   * Reads a head.
   *
   * @throws RefusedException when a header is there twice that says one thing: whoever has sent the
   *     second one must not be able to choose which counts
   */
  static AuthzHead read(
      Iterator<? extends Map.Entry<CharSequence, CharSequence>> headers,
      @Nullable SocketAddress from) {
    Map<Name, String> values = new EnumMap<>(Name.class);
    while (headers.hasNext()) {
      Map.Entry<CharSequence, CharSequence> header = headers.next();
      Name name = Name.of(header.getKey());
      if (name != null) {
        values.merge(name, header.getValue().toString(), (one, other) -> both(name, one, other));
      }
    }
    values.values().removeIf(String::isEmpty);
    Address socket =
        from instanceof InetSocketAddress inet && inet.getAddress() != null
            ? Address.of(inet.getAddress())
            : NOBODY;
    return new AuthzHead(socket, Map.copyOf(values));
  }

  /** Proxies add to the list of addresses by lines of their own (RFC 9110 5.3). */
  private static String both(Name name, String one, String other) {
    if (name == Name.FORWARDED_FOR) {
      return one + ", " + other;
    }
    throw refused(name, "is there twice", "send it once");
  }

  /** The value of a header; empty when it is not there. */
  String value(Name name) {
    return values.getOrDefault(name, "");
  }

  /** What is wrong with a header. */
  static RefusedException refused(Name name, String detail, String fix) {
    return RefusedException.field(ErrorCode.INVALID_FIELD, name.header(), detail, fix);
  }
}
