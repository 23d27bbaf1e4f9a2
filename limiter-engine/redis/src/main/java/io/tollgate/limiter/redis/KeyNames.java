package io.tollgate.limiter.redis;

import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.LimitKey;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.store.CheckBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How keys are called: {@code <prefix>tg:1:{slot}:name}, all of one owner in one slot of a Cluster.
 *
 * <p>Safe for use by any number of threads.
 */
final class KeyNames {

  /** Begins every key, after the prefix: what it is of, and the layout's version. */
  static final String LAYOUT = "tg:1:";

  /** A name of 128 bits, and how it is written: as base64url (RFC 4648) without padding. */
  private static final int NAME = 22;

  private static final String DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  private final byte[] prefix;
  private final Supplier<KeyHasher> hasher;

  /** Of the realm asked for last; a race only costs time. */
  private volatile @Nullable Owners owners;

  private record Owners(Realm realm, String kind) {}

  KeyNames(String prefix, Supplier<KeyHasher> hasher) {
    this.prefix = (prefix + LAYOUT).getBytes(StandardCharsets.US_ASCII);
    this.hasher = hasher;
  }

  /** The slot of an entry's owner. */
  int slot(CheckBuffer question, int i) {
    LimitKey owner = hasher.get().textKey(kind(question.realm()), question.owner(i));
    return (int) owner.low() & Slots.COUNT - 1;
  }

  /** Nearly every question is of one realm. */
  private String kind(Realm realm) {
    Owners known = owners;
    if (known == null || !known.realm.equals(realm)) {
      known = new Owners(realm, "owner " + realm.id());
      owners = known;
    }
    return known.kind;
  }

  /** A key in a slot. */
  byte[] key(int slot, String kind, long high, long low) {
    String tag = Slots.tag(slot);
    byte[] key = new byte[prefix.length + tag.length() + 3 + kind.length() + NAME];
    System.arraycopy(prefix, 0, key, 0, prefix.length);
    int at = put(key, prefix.length, "{");
    at = put(key, at, tag);
    at = put(key, at, "}:");
    at = put(key, at, kind);
    for (int i = 0; i < NAME; i++) {
      key[at + i] = (byte) DIGITS.charAt(sixBits(high, low, 6 * i));
    }
    return key;
  }

  private static int put(byte[] key, int at, String text) {
    for (int i = 0; i < text.length(); i++) {
      key[at + i] = (byte) text.charAt(i);
    }
    return at + text.length();
  }

  /** Of 128 bits, from the most significant on; zeros follow them. */
  private static int sixBits(long high, long low, int from) {
    long bits;
    if (from >= 64) {
      bits = low << (from - 64);
    } else {
      bits = from == 0 ? high : high << from | low >>> (64 - from);
    }
    return (int) (bits >>> 58);
  }
}
