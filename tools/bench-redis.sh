#!/bin/sh
# Builds the load harness and compares limits over Redis with the same without batches, with our
# script alone and with Bucket4j; or, when the third word is scale, with the same over a Cluster of
# three and of one hot key, with and without an allotment.
# bench-redis.sh ROUNDS SECONDS [scale]: interleaved rounds, by default 5, and the length of each
# measurement, by default 6.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd -P)
. "$root/tools/packages.sh"
. "$root/tools/jdk.sh"
. "$root/tools/sources.sh"
. "$root/tools/launcher.sh"
. "$root/tools/peers.sh"

jdk_need
cd "$root"
peers_tools redis-server=redis-server redis-cli=redis-tools wrk=wrk taskset=util-linux
[ -e "$APP/lib/standalone/limiter-server.jar" ] || tools/app.sh
sources_forget_stale
./mvnw -B -ntp -q -pl bench -am -Dmaven.test.skip=true -Dspotless.check.skip=true package
report=target/bench-redis/report.md
[ "${3:-}" != scale ] || report=target/bench-scale/report.md
# The generator does not allocate while it measures; a heap this size is never collected.
exec "$JAVA_HOME/bin/java" -Xms512m -Xmx512m -XX:+UseSerialGC \
  -cp "bench/target/classes:bench/target/lib/*" io.tollgate.bench.load.RedisComparison \
  ${3:+"$3"} "${1:-5}" "${2:-6}" "$(launcher)" "$report"
