#!/bin/sh
# Builds the load harness and compares the port for Redis clients with throttlecrab's and with a
# script in a redis-server.
# bench-resp.sh ROUNDS SECONDS: interleaved rounds, by default 5, and the length of each
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
peers_tools redis-server=redis-server taskset=util-linux
throttlecrab=$(peers_throttlecrab)
[ -e "$APP/lib/standalone/limiter-server.jar" ] || tools/app.sh
sources_forget_stale
./mvnw -B -ntp -q -pl bench -am -Dmaven.test.skip=true -Dspotless.check.skip=true package
# The generator does not allocate while it measures; a heap this size is never collected.
exec "$JAVA_HOME/bin/java" -Xms512m -Xmx512m -XX:+UseSerialGC \
  -cp "bench/target/classes:bench/target/lib/*" io.tollgate.bench.load.RespComparison \
  "${1:-5}" "${2:-6}" "$(launcher)" target/bench-resp/report.md "$throttlecrab"
