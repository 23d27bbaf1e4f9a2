package io.tollgate.server.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ShownTest {

  @Test
  void aTextCannotLeaveItsLineOrRewriteTheTerminal() {
    assertEquals("'a\\nb\\tc\\r\\u001b[2J\\u202e'", Shown.quoted("a\nb\tc\r\u001b[2J\u202e"));
  }

  @Test
  void halfOfASurrogatePairIsEscapedAndAWholeOneIsShown() {
    assertEquals("'\\ud83d and 😀'", Shown.quoted("\ud83d and 😀"));
  }

  @Test
  void aLongTextIsCut() {
    assertEquals("xxxxxxxxx…", Shown.line("x".repeat(11), 10));
    assertEquals("x".repeat(10), Shown.line("x".repeat(10), 10));
  }
}
