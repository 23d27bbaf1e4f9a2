package io.tollgate.server.door;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Numbers and times are written as the JDK's slower ways write them. */
class BytesPropertyTest {

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  @Property
  void aNumberIsItsDigits(@ForAll long value) {
    assertEquals(Long.toString(value), new Bytes().number(value).toString());
  }

  @Property
  void microsecondsBecomeExactMilliseconds(@ForAll @LongRange(min = 0) long micros) {
    String expected =
        micros == 0 ? "0" : BigDecimal.valueOf(micros, 3).stripTrailingZeros().toPlainString();
    assertEquals(expected, new Bytes().millis(micros).toString());
  }

  @Property
  void anInstantHasAFractionOnlyWhenItNeedsOne(
      @ForAll @LongRange(min = 0, max = 253_402_300_799L) long second,
      @ForAll @LongRange(min = 0, max = 999_999) long fraction) {
    Instant instant = Instant.ofEpochSecond(second);
    assertEquals(SECONDS.format(instant) + "Z", new Bytes().instant(second * 1_000_000).toString());
    if (fraction > 0 && second < 253_402_300_799L) {
      String expected = MICROS.format(instant.plusNanos(fraction * 1_000)) + "Z";
      assertEquals(expected, new Bytes().instant(second * 1_000_000 + fraction).toString());
    }
  }

  @Example
  void everyMonthBeginsAndEndsWhereTheCalendarSays() {
    LocalDate first = LocalDate.EPOCH;
    while (first.getYear() < 10_000) {
      LocalDate next = first.plusMonths(1);
      assertEquals(first + "T00:00:00Z", midnight(first));
      assertEquals(next.minusDays(1) + "T00:00:00Z", midnight(next.minusDays(1)));
      first = next;
    }
  }

  private static String midnight(LocalDate day) {
    return new Bytes().instant(day.toEpochDay() * 86_400_000_000L).toString();
  }

  @Property
  void aTimeThatRfc3339CannotSayBecomesTheLastThatItCan(
      @ForAll @LongRange(min = 253_402_300_799_000_000L) long micros) {
    assertEquals("9999-12-31T23:59:59Z", new Bytes().instant(micros).toString());
  }
}
