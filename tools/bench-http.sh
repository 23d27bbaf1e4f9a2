#!/bin/sh
# Builds the load harness and compares the HTTP door with nginx and throttlecrab.
# bench-http.sh ROUNDS SECONDS: interleaved rounds, by default 5, and the length of each
# measurement, by default 6.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd -P)
. "$root/tools/packages.sh"
. "$root/tools/jdk.sh"
. "$root/tools/sources.sh"
. "$root/tools/launcher.sh"

THROTTLECRAB_VERSION=0.4.40
# Outside the tree: building it takes minutes, and make clean should not cost them again.
cache=${XDG_CACHE_HOME:-${HOME:?is not set}/.cache}
THROTTLECRAB=$cache/tollgate/throttlecrab-$THROTTLECRAB_VERSION

# throttlecrab: prints its program, built once, or - where there is no cargo.
throttlecrab() {
  if [ ! -x "$THROTTLECRAB/bin/throttlecrab-server" ]; then
    if ! command -v cargo >/dev/null 2>&1; then
      echo "tollgate: cargo is missing, so throttlecrab-server $THROTTLECRAB_VERSION cannot be" \
        "built and is not compared; install Rust with cargo" >&2
      echo -
      return
    fi
    packages_need protobuf-compiler
    echo "tollgate: building throttlecrab-server $THROTTLECRAB_VERSION, once; takes minutes" >&2
    cargo install --quiet --locked --root "$THROTTLECRAB" \
      throttlecrab-server --version "$THROTTLECRAB_VERSION" >&2
  fi
  echo "$THROTTLECRAB/bin/throttlecrab-server"
}

# tools: the programs beside ours, from their packages where they are missing.
tools() {
  missing=
  for tool in nginx=nginx wrk=wrk h2load=nghttp2-client taskset=util-linux; do
    command -v "${tool%%=*}" >/dev/null 2>&1 || missing="$missing ${tool#*=}"
  done
  # shellcheck disable=SC2086 # a list of names
  [ -z "$missing" ] || packages_need_unstarted $missing
}

# nginx lies there, where only root's PATH leads.
PATH=$PATH:/usr/sbin
jdk_need
cd "$root"
tools
peer=$(throttlecrab)
[ -e "$APP/lib/standalone/limiter-server.jar" ] || tools/app.sh
sources_forget_stale
./mvnw -B -ntp -q -pl bench -am -Dmaven.test.skip=true -Dspotless.check.skip=true package
# The generator does not allocate while it measures; a heap this size is never collected.
exec "$JAVA_HOME/bin/java" -Xms512m -Xmx512m -XX:+UseSerialGC \
  -cp "bench/target/classes:bench/target/lib/*" io.tollgate.bench.load.HttpComparison \
  "${1:-5}" "${2:-6}" "$(launcher)" target/bench-http/report.md "$peer"
