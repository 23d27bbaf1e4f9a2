package io.tollgate.limiter.check;

import io.tollgate.limiter.catalog.DescriptorRule;

/** What is to be done about one descriptor. */
public sealed interface DescriptorStep {

  /** Nothing is configured for it: it passes, and there is no limit to tell of. */
  record Unknown() implements DescriptorStep {}

  /**
   * Its rule lets everything pass: there is no limit to tell of.
   *
   * @param rule what it matches
   */
  record Unlimited(DescriptorRule rule) implements DescriptorStep {}

  /** All its limits are replaced by another descriptor's: it passes without a limit to tell of. */
  record Replaced() implements DescriptorStep {}

  /**
   * The limit that came along admits nothing: it is denied unless it only looks.
   *
   * @param inline the limit, of 0 requests
   * @param denied whether it is denied
   */
  record Blocked(InlineLimit inline, boolean denied) implements DescriptorStep {}

  /**
   * Limits are to be asked.
   *
   * @param question for {@link Limiter#check(DescriptorQuestion,
   *     io.tollgate.limiter.store.CheckBuffer, io.tollgate.limiter.store.Store.Listener)} or a
   *     refund; its decision has no limits where an override makes all of them unlimited
   */
  record Asked(DescriptorQuestion question) implements DescriptorStep {}
}
