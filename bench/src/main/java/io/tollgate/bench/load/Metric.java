package io.tollgate.bench.load;

/** What is measured of each peer, in the order of the report. */
enum Metric {
  CPU("wrk, 64 connections: server's CPU µs per check", 2),
  SYSTEM("  of it in the kernel, %", 0),
  RATE("  checks/s", 0),
  BUSY("  server's core busy, %", 0),
  REDIS_CPU("  redis-server's CPU µs per check", 2),
  REDIS_BUSY("  redis-server busy, % of its core", 0),
  BATCH("  checks in a call of Redis", 1),
  PIPELINED_CPU("wrk, 64 connections, 16 deep: server's CPU µs per check", 2),
  PIPELINED_SYSTEM("  of it in the kernel, %", 0),
  PIPELINED_RATE("  checks/s", 0),
  PIPELINED_BUSY("  server's core busy, %", 0),
  PIPELINED_REDIS_CPU("  redis-server's CPU µs per check", 2),
  PIPELINED_REDIS_BUSY("  redis-server busy, % of its core", 0),
  PIPELINED_BATCH("  checks in a call of Redis", 1),
  HOT_CPU("h2load, 64 connections, one identifier: server's CPU µs per check", 2),
  HOT_RATE("  checks/s", 0),
  FIXED_P50("20,000 checks/s, 64 connections: p50, µs", 0),
  FIXED_P99("  p99, µs", 0),
  FIXED_P999("  p99.9, µs", 0),
  FIXED_MOST("  longest, µs", 0),
  FIXED_LATE("  of it before the sending, p99, µs", 0),
  FIXED_CPU("  server's CPU µs per check", 2),
  FIXED_REDIS_CPU("  redis-server's CPU µs per check", 2),
  FIXED_BATCH("  checks in a call of Redis", 1),
  LEAST_REMAINING("least units left of an identifier after all of this", 0),
  KEYS("keys in Redis after all of this", 0),
  EXPIRED("  keys that expired in all of this", 0),
  EXPIRING_CPU("keys that expire at once; wrk, 64 connections: server's CPU µs per check", 2),
  EXPIRING_RATE("  checks/s", 0),
  EXPIRING_REDIS_CPU("  redis-server's CPU µs per check", 2),
  EXPIRING_EXPIRED("  keys that expired, per check", 2),
  FIRST_ANSWER("start to first answered check, ms", 0),
  IDLE_RSS("memory after one check: RSS, MB", 1),
  IDLE_PSS("  Pss, MB", 1),
  IDLE_ANONYMOUS("  anonymous part of the RSS, MB", 1),
  RSS_100K("RSS after 100,000 identifiers, MB", 1),
  RSS_1M("RSS after 1,000,000 identifiers, MB", 1);

  private final String text;
  private final int decimals;

  Metric(String text, int decimals) {
    this.text = text;
    this.decimals = decimals;
  }

  /** What the report calls it, with its unit. */
  String text() {
    return text;
  }

  /** How many decimals are worth printing. */
  int decimals() {
    return decimals;
  }
}
