#!/bin/sh
# Builds and runs the comparisons; the argument is the number of interleaved rounds, by default 5.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd -P)
. "$root/tools/packages.sh"
. "$root/tools/jdk.sh"
. "$root/tools/sources.sh"

jdk_need
cd "$root"
sources_forget_stale
./mvnw -B -ntp -q -pl bench -am -Dmaven.test.skip=true -Dspotless.check.skip=true package
# JMH itself asks for Unsafe. The serial collector compacts fully each time, and threads reserve
# little, so that bytes per key are what is really held; the forks choose their own.
exec "$JAVA_HOME/bin/java" --sun-misc-unsafe-memory-access=allow -Xms3g -Xmx3g -XX:+UseSerialGC \
  -XX:MarkSweepAlwaysCompactCount=1 -XX:TLABSize=64k -XX:-ResizeTLAB \
  -cp "bench/target/classes:bench/target/lib/*" io.tollgate.bench.StoreComparison "$@"
