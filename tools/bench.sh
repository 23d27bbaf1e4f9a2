#!/bin/sh
# Builds and runs the JMH benchmarks; all arguments go to JMH.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd -P)
. "$root/tools/packages.sh"
. "$root/tools/jdk.sh"
. "$root/tools/sources.sh"

jdk_need
cd "$root"
sources_forget_stale
./mvnw -B -ntp -q -pl bench -am -Dmaven.test.skip=true -Dspotless.check.skip=true package
# JMH itself asks for Unsafe: allowed, in its own JVM and in those it forks.
unsafe=--sun-misc-unsafe-memory-access=allow
exec "$JAVA_HOME/bin/java" "$unsafe" -cp "bench/target/classes:bench/target/lib/*" \
  org.openjdk.jmh.Main -jvmArgsPrepend "$unsafe" "$@"
