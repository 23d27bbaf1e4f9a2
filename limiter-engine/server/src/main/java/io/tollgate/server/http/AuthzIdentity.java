package io.tollgate.server.http;

import io.tollgate.limiter.catalog.NamespaceSpec.Identity;
import io.tollgate.server.address.TrustedProxies;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.RefusedException;
import io.tollgate.server.http.AuthzHead.Name;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Says who is limited, of a request that a gateway asks about.
 *
 * <p>Each kind of identifier begins in its own way, so that no client meets the counters of another
 * kind. Secrets are hashed: they stand in no counter, override, log or answer.
 */
final class AuthzIdentity {

  private static final String KEY = "key:";
  private static final String CREDENTIALS = "auth:";
  private static final String ADDRESS = "addr:";

  private AuthzIdentity() {}

  /**
   * The identifier of the first kind that a request has.
   *
   * @throws RefusedException when it has none, or its forwarded addresses cannot be read
   */
  static String of(List<Identity> kinds, AuthzHead head, TrustedProxies proxies) {
    for (Identity kind : kinds) {
      String identifier =
          switch (kind) {
            case API_KEY -> secret(KEY, head.value(Name.API_KEY));
            case AUTHORIZATION -> secret(CREDENTIALS, oneSpelling(head.value(Name.AUTHORIZATION)));
            case ADDRESS -> ADDRESS + address(head, proxies);
          };
      if (!identifier.isEmpty()) {
        return identifier;
      }
    }
    String wanted = kinds.stream().map(AuthzIdentity::header).collect(Collectors.joining(" or "));
    throw RefusedException.of(ErrorCode.NO_IDENTITY, "send " + wanted);
  }

  private static String header(Identity kind) {
    return switch (kind) {
      case API_KEY -> Name.API_KEY.header();
      case AUTHORIZATION -> Name.AUTHORIZATION.header();
      case ADDRESS -> Name.FORWARDED_FOR.header();
    };
  }

  private static String address(AuthzHead head, TrustedProxies proxies) {
    return proxies
        .client(head.socket(), head.value(Name.FORWARDED_FOR))
        .orElseThrow(() ->
            AuthzHead.refused(
                Name.FORWARDED_FOR,
                "holds something that is no address, or more than 32 of trusted proxies",
                "let each proxy add the address that it was called from"))
        .client();
  }

  /**
   * Credentials without what changes nothing (RFC 9110 11.1): the scheme in lower case, one blank
   * behind it. Else every spelling of a token would have a counter of its own.
   */
  private static String oneSpelling(String credentials) {
    int blank = 0;
    while (blank < credentials.length() && !isBlank(credentials.charAt(blank))) {
      blank++;
    }
    String scheme = credentials.substring(0, blank).toLowerCase(Locale.ROOT);
    return (scheme + " " + credentials.substring(blank).strip()).strip();
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** Nothing for nothing. */
  private static String secret(String prefix, String value) {
    if (value.isEmpty()) {
      return "";
    }
    // Netty reads the bytes of a header as Latin-1: these are the bytes that were sent.
    byte[] hash = sha256().digest(value.getBytes(StandardCharsets.ISO_8859_1));
    return prefix + HexFormat.of().formatHex(hash);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
