package io.tollgate.server.settings;

import io.tollgate.server.settings.RedisSettings.Address;
import io.tollgate.server.settings.RedisSettings.Mode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a URL of a Redis: {@code redis://user:password@host:port/database}, or of its sentinels:
 * {@code redis-sentinel://user:password@host:port,host:port/database#master}, or of some servers of
 * a Cluster: {@code redis-cluster://user:password@host:port,host:port}; rediss is over TLS.
 *
 * <p>A password may be anywhere in a URL that is wrong, so no message shows any of it.
 */
final class RedisUrl {

  private static final Pattern SCHEME = Pattern.compile("(?i)rediss?(-sentinel|-cluster)?://");

  /** An @ stands between login and address, and nowhere else. */
  private static final Pattern FORM =
      Pattern.compile(
          "(?i)redis(?<tls>s)?(?<mode>-sentinel|-cluster)?://"
              + "(?:(?<login>[^@/?#]*)@)?(?<addresses>[^@/?#]*)"
              + "(?:/(?<database>[^@?#]*))?(?<query>\\?[^@#]*)?(?:#(?<master>[^@]*))?");

  /** What the decoder puts in place of bytes that are no UTF-8. */
  private static final String REPLACEMENT = "\uFFFD";

  private final SecretText url;
  private final Source source;

  private RedisUrl(SecretText url, Source source) {
    this.url = url;
    this.source = source;
  }

  /** What the URL says; empty when it cannot be taken apart, which is reported. */
  static Optional<RedisPlace> read(SecretText url, Source source) {
    return new RedisUrl(url, source).place();
  }

  private Optional<RedisPlace> place() {
    Matcher parts = FORM.matcher(url.text());
    if (!SCHEME.matcher(url.text()).lookingAt()) {
      problem(
          "does not begin with redis://, redis-sentinel:// or redis-cluster://, or with rediss in"
              + " place of redis",
          "begin it with one of them");
      return Optional.empty();
    }
    if (!parts.matches()) {
      problem(
          "has an @ that does not stand between password and address",
          "write %40 %2F %3F %23 for @ / ? # in user and password");
      return Optional.empty();
    }
    if (parts.group("query") != null) {
      problem(
          "has parameters after a ?, and there are none",
          "remove them, or write %3F for a ? of the password");
    }
    Optional<String> login = Optional.ofNullable(parts.group("login"));
    login.ifPresent(this::requireLogin);
    Mode mode = mode(Optional.ofNullable(parts.group("mode")).orElse(""));
    return Optional.of(
        new RedisPlace(
            mode,
            addresses(String.valueOf(parts.group("addresses")), mode),
            database(Optional.ofNullable(parts.group("database")).orElse(""), mode),
            login.map(text -> text.split(":", 2)[0]).filter(u -> !u.isEmpty()).map(this::decoded),
            login.map(text -> text.replaceFirst("[^:]*:?", "")).map(this::decoded).map(Secret::new),
            parts.group("tls") != null,
            master(Optional.ofNullable(parts.group("master")), mode)));
  }

  private static Mode mode(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "-sentinel" -> Mode.SENTINEL;
      case "-cluster" -> Mode.CLUSTER;
      default -> Mode.SINGLE;
    };
  }

  private void problem(String what, String fix) {
    source.problem(url.name() + " " + what + "; " + fix);
  }

  private void requireLogin(String text) {
    if (!text.matches("[^:]*:.+")) {
      problem("has no password before its @", "write user:password@ or :password@, or neither");
    }
  }

  /** A user or a password. Only forms write a blank as a plus sign, so that one stays. */
  private String decoded(String text) {
    try {
      String decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
      if (!decoded.contains(REPLACEMENT)) {
        return decoded;
      }
    } catch (IllegalArgumentException e) {
      // Said below, without the exception's text, which shows a part of it.
    }
    problem(
        "has a % in user or password that is not followed by hex digits of UTF-8",
        "write %25 for a percent sign");
    return "";
  }

  private List<Address> addresses(String text, Mode mode) {
    Optional<List<Address>> addresses = RedisAddresses.read(text, mode);
    if (addresses.isEmpty()) {
      problem("has an address that " + RedisAddresses.WRONG, RedisAddresses.FIX);
    } else if (mode == Mode.SINGLE && addresses.get().size() > 1) {
      problem(
          "names more than one Redis", "name one, or begin with redis-sentinel or redis-cluster");
    }
    return addresses.orElse(List.of());
  }

  private int database(String text, Mode mode) {
    if (text.isEmpty()) {
      return 0;
    }
    int database = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : Integer.MAX_VALUE;
    if (database > RedisPlace.MOST_DATABASE) {
      problem(
          "has a path that is not a database from 0 to " + RedisPlace.MOST_DATABASE,
          "write it behind the address, as in /0, or leave it out");
    }
    if (mode == Mode.CLUSTER && database > 0 && database <= RedisPlace.MOST_DATABASE) {
      problem("names a database, and a Cluster has one only", "leave its path out");
      return 0;
    }
    return database;
  }

  private String master(Optional<String> name, Mode mode) {
    if (mode != Mode.SENTINEL && name.isPresent()) {
      problem(
          "has a # and no sentinels",
          "begin it with redis-sentinel://, or write %23 for a # of the password");
    } else if (mode == Mode.SENTINEL && name.filter(RedisPlace::isMaster).isEmpty()) {
      problem(
          "does not end with the name of a master",
          "write the one that sentinel.conf has, as in #" + RedisPlace.USUAL_MASTER);
    }
    return name.orElse(RedisPlace.USUAL_MASTER);
  }
}
