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
  RSS_1M("RSS after 1,000,000 identifiers, MB", 1),
  WIDE_CPU("64 connections, 1 call under way on each: server's CPU µs per call", 2),
  WIDE_SYSTEM("  of it in the kernel, %", 0),
  WIDE_RATE("  calls/s", 0),
  WIDE_BUSY("  server's core busy, %", 0),
  WIDE_P50("  p50, µs", 0),
  WIDE_P99("  p99, µs", 0),
  WIDE_GENERATOR("  generator's CPU µs per call", 2),
  FEW_CPU("4 connections, 16 calls under way on each: server's CPU µs per call", 2),
  FEW_SYSTEM("  of it in the kernel, %", 0),
  FEW_RATE("  calls/s", 0),
  FEW_BUSY("  server's core busy, %", 0),
  FEW_P50("  p50, µs", 0),
  FEW_P99("  p99, µs", 0),
  FEW_GENERATOR("  generator's CPU µs per call", 2),
  ONE_CPU("1 connection, 64 calls under way: server's CPU µs per call", 2),
  ONE_SYSTEM("  of it in the kernel, %", 0),
  ONE_RATE("  calls/s", 0),
  ONE_BUSY("  server's core busy, %", 0),
  ONE_P50("  p50, µs", 0),
  ONE_P99("  p99, µs", 0),
  ONE_GENERATOR("  generator's CPU µs per call", 2),
  BEST_RATE("best of these: calls/s", 0),
  CALLS_LEAST_REMAINING("least units left of an identifier after all of this", 0),
  STREAM_CPU("1 stream, 256 checks under way: server's CPU µs per check", 2),
  STREAM_SYSTEM("  of it in the kernel, %", 0),
  STREAM_RATE("  checks/s", 0),
  STREAM_BUSY("  server's core busy, %", 0),
  STREAM_P50("  p50, µs", 0),
  STREAM_P99("  p99, µs", 0),
  STREAM_GENERATOR("  generator's CPU µs per check", 2),
  STREAM_LEAST_REMAINING("  least units left of an identifier", 0),
  RLS_CPU("over Redis on the same core, 4 connections, 16 calls: server's CPU µs per call", 2),
  RLS_SYSTEM("  of it in the kernel, %", 0),
  RLS_REDIS_CPU("  redis-server's CPU µs per call", 2),
  RLS_RATE("  calls/s", 0),
  RLS_BUSY("  core of both busy, %", 0),
  RLS_P50("  p50, µs", 0),
  RLS_P99("  p99, µs", 0),
  RLS_GENERATOR("  generator's CPU µs per call", 2),
  RLS_LEAST_REMAINING("  least units left of an identifier", 0),
  RLS_KEYS("  keys in Redis after all of this", 0),
  COMMANDS_CPU("64 connections, 1 command under way on each: server's CPU µs per check", 2),
  COMMANDS_SYSTEM("  of it in the kernel, %", 0),
  COMMANDS_RATE("  checks/s", 0),
  COMMANDS_BUSY("  server's core busy, %", 0),
  COMMANDS_P50("  p50, µs", 0),
  COMMANDS_P99("  p99, µs", 0),
  COMMANDS_GENERATOR("  generator's CPU µs per check", 2),
  PIPELINED_COMMANDS_CPU(
      "64 connections, 16 commands under way on each: server's CPU µs per check", 2),
  PIPELINED_COMMANDS_SYSTEM("  of it in the kernel, %", 0),
  PIPELINED_COMMANDS_RATE("  checks/s", 0),
  PIPELINED_COMMANDS_BUSY("  server's core busy, %", 0),
  PIPELINED_COMMANDS_P50("  p50, µs", 0),
  PIPELINED_COMMANDS_P99("  p99, µs", 0),
  PIPELINED_COMMANDS_GENERATOR("  generator's CPU µs per check", 2),
  COMMANDS_LEAST_REMAINING("least units left of an identifier after all of this", 0),
  GATE_CPU("wrk, 64 connections: CPU µs per request", 2),
  GATE_NGINX_CPU("  of it nginx's worker", 2),
  GATE_TOLLGATE_CPU("  of it tollgate", 2),
  GATE_RATE("  requests/s", 0),
  GATE_BUSY("  core of both busy, %", 0),
  GATE_P50("5,000 requests/s, 64 connections: p50, µs", 0),
  GATE_P99("  p99, µs", 0),
  GATE_P999("  p99.9, µs", 0),
  GATE_FIXED_CPU("  CPU µs per request", 2),
  GATE_OPENED("connections from nginx to tollgate per 1,000 requests", 2);

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
