#!/bin/sh
# Builds the load harness and compares the gRPC door with throttlecrab, and over Redis with Envoy's
# rate limit service.
# bench-grpc.sh ROUNDS SECONDS: interleaved rounds, by default 5, and the length of each
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
peers_tools redis-server=redis-server redis-cli=redis-tools taskset=util-linux
throttlecrab=$(peers_throttlecrab)
ratelimit=$(peers_ratelimit)
[ -e "$APP/lib/standalone/limiter-server.jar" ] || tools/app.sh
sources_forget_stale
./mvnw -B -ntp -q -pl bench -am -Dmaven.test.skip=true -Dspotless.check.skip=true package
# The generator does not allocate while it measures; a heap this size is never collected.
exec "$JAVA_HOME/bin/java" -Xms512m -Xmx512m -XX:+UseSerialGC \
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -cp "bench/target/classes:bench/target/lib/*" io.tollgate.bench.load.GrpcComparison \
  "${1:-5}" "${2:-6}" "$(launcher)" target/bench-grpc/report.md "$throttlecrab" "$ratelimit"
