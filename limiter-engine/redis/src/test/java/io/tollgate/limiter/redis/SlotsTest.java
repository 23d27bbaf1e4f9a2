package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.cluster.SlotHash;
import org.junit.jupiter.api.Test;

class SlotsTest {

  @Test
  void everySlotHasAShortTextThatFallsIntoIt() {
    for (int slot = 0; slot < Slots.COUNT; slot++) {
      String tag = Slots.tag(slot);
      assertEquals(slot, Slots.of(tag));
      assertEquals(slot, SlotHash.getSlot("tg:1:{" + tag + "}:x"), tag);
      assertTrue(tag.length() <= 4, tag);
    }
  }
}
