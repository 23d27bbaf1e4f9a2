package io.tollgate.limiter.redis;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is set wrongly when Redis, or TLS on the way to it, refuses so that waiting cannot help. */
public enum Refusal {
  /** Sentinels know no master of that name. */
  MASTER_NAME(Sentinels.UNKNOWN),

  /** The password of Sentinels. */
  SENTINEL_LOGIN("^" + Sentinels.SAYS + ".*(" + Words.LOGIN + ")"),

  /** User or password. */
  LOGIN(Words.LOGIN),

  /** What the user may do, or with which keys. */
  RIGHTS("NOPERM|The user executing the script can't"),

  /** There is no database of that number. */
  DATABASE("ERR (invalid )?DB index"),

  /** Nobody who is trusted has signed Redis's certificate. */
  AUTHORITY(ConnectFailed.UNTRUSTED),

  /** Redis's certificate is for another host. */
  HOST(ConnectFailed.OTHER_HOST),

  /** Redis's certificate cannot be used, as one that has expired. */
  CERTIFICATE(ConnectFailed.BAD_CERTIFICATE),

  /** Redis asks who calls for a certificate, and there is none to show. */
  CLIENT_CERTIFICATE(ConnectFailed.ASKS_FOR_CERTIFICATE),

  /** It is a server of a Cluster, and is spoken to as if it were alone. */
  CLUSTER("^(?:[^ ]+: )?(?:MOVED \\d|CROSSSLOT )"),

  /** It is alone, and is spoken to as a server of a Cluster. */
  NO_CLUSTER("cluster support disabled"),

  /** TLS is spoken to a Redis that speaks none. */
  TLS(ConnectFailed.NO_TLS);

  private static final class Words {
    static final String LOGIN = "WRONGPASS|NOAUTH|ERR AUTH|ERR Client sent AUTH|invalid password";
  }

  private final Pattern words;

  Refusal(String words) {
    this.words = Pattern.compile(words);
  }

  /** What is refused, by the words in which a connection has failed; empty: it may come yet. */
  public static Optional<Refusal> in(String why) {
    return Arrays.stream(values()).filter(refusal -> refusal.words.matcher(why).find()).findFirst();
  }
}
