#!/bin/sh
# Builds the load harness and compares nginx that asks the server for each request with nginx that
# limits by itself, and with nginx that does not limit.
# bench-authz.sh ROUNDS SECONDS: interleaved rounds, by default 5, and the length of each
# measurement, by default 6.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd -P)
. "$root/tools/packages.sh"
. "$root/tools/jdk.sh"
. "$root/tools/sources.sh"
. "$root/tools/launcher.sh"
. "$root/tools/peers.sh"

# nginx lies there, where only root's PATH leads.
PATH=$PATH:/usr/sbin
jdk_need
cd "$root"
peers_tools nginx=nginx wrk=wrk taskset=util-linux
[ -e "$APP/lib/standalone/limiter-server.jar" ] || tools/app.sh
sources_forget_stale
./mvnw -B -ntp -q -pl bench -am -Dmaven.test.skip=true -Dspotless.check.skip=true package
# The generator does not allocate while it measures; a heap this size is never collected.
exec "$JAVA_HOME/bin/java" -Xms512m -Xmx512m -XX:+UseSerialGC \
  -cp "bench/target/classes:bench/target/lib/*" io.tollgate.bench.load.AuthzComparison \
  "${1:-5}" "${2:-6}" "$(launcher)" target/bench-authz/report.md
