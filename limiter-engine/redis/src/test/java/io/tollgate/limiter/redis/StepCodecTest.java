package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.cluster.SlotHash;
import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.store.CheckBuffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where the keys of a question are. */
class StepCodecTest {

  private static final KeyHasher HASHER = new KeyHasher(11, 12);
  private static final Realm REALM = Realm.live("standalone");
  private static final Limit BUCKET =
      new Limit("bucket", new Algorithm.TokenBucket(10, 60_000_000, 10), false);
  private static final Limit LEASES =
      new Limit("leases", new Algorithm.Concurrency(10, 60_000_000), false);
  private static final HoldId ID = new HoldId(0x0123456789abcdefL, 0xfedcba9876543210L);

  private final StepCodec codec = new StepCodec("mine:", HASHER);

  private static CheckBuffer ask(String user) {
    CheckBuffer buffer = new CheckBuffer();
    buffer.begin(REALM);
    for (String namespace : List.of("api", "mail")) {
      for (Limit limit : List.of(BUCKET, LEASES)) {
        buffer.add(limit, HASHER.keys(REALM, namespace).key(user, user), user, 1);
      }
    }
    return buffer;
  }

  private static Set<Integer> slots(List<byte[]> keys) {
    Set<Integer> slots = new HashSet<>();
    keys.forEach(key -> slots.add(SlotHash.getSlot(key)));
    return slots;
  }

  @Test
  void allThatAnOwnerHasIsInOneSlotAndAHoldsIdLeadsThere() {
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      CheckBuffer question = ask("user_" + i);
      HoldId id = codec.place(ID, question);
      List<byte[]> keys = new ArrayList<>(codec.reserve(question, 0, id, 1_000_000).keys());
      question.answerOnce(HASHER.textKey("once", "order-" + i));
      keys.addAll(codec.check(question, 0).keys());
      Set<Integer> slots = slots(keys);
      assertEquals(1, slots.size(), "one owner");
      assertEquals(slots, slots(List.of(codec.holdKey(id))));
      seen.addAll(slots);
    }
    assertTrue(seen.size() > 900, () -> "1,000 owners share " + seen.size() + " slots");
  }

  @Test
  void keysSayWhoseTheyAreAndOfWhichLayout() {
    for (byte[] key : codec.reserve(ask("user_1"), 0, ID, 1_000_000).keys()) {
      String text = new String(key, StandardCharsets.US_ASCII);
      assertTrue(text.matches("mine:tg:1:\\{[0-9a-z]{1,4}}:([wh]:)?[A-Za-z0-9_-]{22}"), text);
    }
  }

  @Test
  void theNameIsTheHoldsBitsInBase64() {
    Random random = new Random(1);
    for (int i = 0; i < 1_000; i++) {
      HoldId id = new HoldId(random.nextLong(), random.nextLong());
      byte[] bits = ByteBuffer.allocate(16).putLong(id.high()).putLong(id.low()).array();
      String name = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
      String key = new String(codec.holdKey(id), StandardCharsets.US_ASCII);
      assertEquals(name, key.substring(key.indexOf(":h:") + 3));
    }
  }

  @Test
  void anIdKeepsAllButFourteenOfItsBits() {
    HoldId placed = codec.place(ID, ask("user_1"));
    assertEquals(ID.high(), placed.high());
    assertEquals(ID.low() >> 14, placed.low() >> 14);
  }
}
