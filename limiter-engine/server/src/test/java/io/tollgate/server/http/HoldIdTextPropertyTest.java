package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.server.door.HoldIdText;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Ids survive their text. */
class HoldIdTextPropertyTest {

  @Property
  void everyIdIsReadBackAndHasOneText(@ForAll long high, @ForAll long low) {
    HoldId id = new HoldId(high, low);
    String text = HoldIdText.of("lea_", id);
    assertEquals(30, text.length());
    assertEquals(Optional.of(id), HoldIdText.parse("lea_", text));
    assertEquals(Optional.empty(), HoldIdText.parse("res_", text));
  }

  @Property
  void whateverIsReadIsWrittenTheSame(@ForAll String tail) {
    HoldIdText.parse("res_", "res_" + tail)
        .ifPresent(id -> assertEquals("res_" + tail, HoldIdText.of("res_", id)));
  }
}
