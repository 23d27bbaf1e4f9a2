#!/bin/sh
# dist.sh [<folder>]: makes dist/, or that folder, from what tools/app.sh built, a Java runtime of
# only the modules that it needs, and an AOT cache: what the JVM learned in one short life of the
# server. Then starts it as a user would, and prints sizes, time and memory.
set -eu
# Everybody may run what is made here, whatever the caller's habit.
umask 022
root=$(cd "$(dirname "$0")/.." && pwd -P)
. "$root/tools/packages.sh"
. "$root/tools/jdk.sh"

jdk_need
packages_need curl
cd "$root"
dist=${1:-dist}
mkdir -p target
work=$(mktemp -d target/dist.XXXXXX)
server=
trap '[ -z "$server" ] || kill -KILL "$server"; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
new=$work/dist
cp -R limiter-engine/server/target/app "$new"
# Help and messages name pages of it.
cp -R docs "$new/docs"
chmod -R u+w,go+rX,go-w "$new"

# --ignore-missing-deps: Netty names libraries that we do not ship (Bouncy Castle, Brotli).
modules=$("$JAVA_HOME/bin/jdeps" --multi-release 25 --ignore-missing-deps --print-module-deps \
  "$new"/lib/standalone/*.jar)
"$JAVA_HOME/bin/jlink" --add-modules "$modules" --output "$new/runtime" \
  --strip-java-debug-attributes --no-header-files --no-man-pages --generate-cds-archive >&2
# For heaps of 32 GiB and more, which start without shared classes, a little slower.
rm -f "$new/runtime/lib/server/classes_nocoops.jsa"

mkfifo "$work/out"
now() { date +%s%N; }

# server_start [<setting>=<value> ...]: sets server, http, admin and grpc (ports), once it listens.
# It sees no setting of the caller.
server_start() {
  env -i PATH="$PATH" HOME="$PWD/$work" TOLLGATE_HTTP_PORT=0 TOLLGATE_ADMIN_PORT=0 \
    TOLLGATE_GRPC_PORT=0 "$@" \
    "$new/bin/tollgate" serve >"$work/out" 2>"$work/err" &
  server=$!
  line=
  read -r line <"$work/out" || true
  http=$(printf %s "$line" | sed -n 's/.*"http":\([0-9]*\).*/\1/p')
  admin=$(printf %s "$line" | sed -n 's/.*"admin":\([0-9]*\).*/\1/p')
  grpc=$(printf %s "$line" | sed -n 's/.*"grpc":\([0-9]*\).*/\1/p')
  [ -n "$http" ] && [ -n "$admin" ] && [ -n "$grpc" ] || {
    echo "tollgate: the server that was just built did not start:" >&2
    cat "$work/err" >&2
    exit 1
  }
}

# server_stop: in order, so that the JVM writes what it was told to.
server_stop() {
  kill -TERM "$server"
  wait "$server" || true
  server=
}

ask() { curl -sSf --max-time 10 -o "$work/answer" "$@"; }
question='{"identifier": "user_123", "namespace": "api_requests"}'
check() { ask "http://127.0.0.1:$http/v1/check" -d "$question"; }

# rpc <service>/<method> <message in octal escapes, at most 127 bytes>: a call over gRPC.
rpc() {
  # shellcheck disable=SC2059 # a format without arguments
  printf "$2" >"$work/message"
  {
    printf '\0\0\0\0'
    # shellcheck disable=SC2059 # one byte
    printf "\\$(printf %03o "$(wc -c <"$work/message")")"
    cat "$work/message"
  } >"$work/frame"
  ask --http2-prior-knowledge -H 'Content-Type: application/grpc' -H 'TE: trailers' \
    -D "$work/head" --data-binary "@$work/frame" "http://127.0.0.1:$grpc/$1"
  grep -qi '^grpc-status: 0' "$work/head"
}
# The same question, and that of a proxy about 10.0.0.1; field and length before each text.
rpc_question='\012\010user_123\022\014api_requests'
rpc_descriptor='\012\014api_requests\022\034\012\032\012\016remote_address\022\01010.0.0.1'

# What a server does in its first minute, on one connection and on many; the limit of 100 is
# crossed, so that denials are known too.
train() {
  for _ in 1 2 3; do
    check
    ask "http://127.0.0.1:$admin/health/ready"
    ask "http://127.0.0.1:$http/v1/check:batch" -d "{\"checks\": [$question, $question]}"
    ask "http://127.0.0.1:$http/v1/authz?namespace=api_requests" -H 'X-API-Key: key_123'
  done
  ask "http://127.0.0.1:$http/v1/check?[1-300]" -d "$question"
  for _ in 1 2 3 4 5; do
    rpc tollgate.limiter.v1.LimiterService/Check "$rpc_question"
    rpc tollgate.limiter.v1.LimiterService/CheckStream '\022\030'"$rpc_question"
    rpc envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit "$rpc_descriptor"
    rpc grpc.health.v1.Health/Check ''
  done
}

cache=$new/lib/standalone.aot
cat >"$work/limits.yaml" <<'END'
version: 1
namespaces:
  api_requests:
    limits:
      - {name: per-minute, algorithm: sliding_window, limit: 100, period: 1m}
      - {name: burst, algorithm: token_bucket, limit: 50, period: 1s, burst: 200}
END
# Redis clients: what the server warms up with is enough.
server_start TOLLGATE_RESP_PORT=0 "TOLLGATE_LIMITS=$PWD/$work/limits.yaml" \
  "JAVA_OPTS=-XX:AOTCacheOutput=$PWD/$cache"
train
server_stop
[ -s "$cache" ] || {
  echo "tollgate: the JVM made no AOT cache:" >&2
  cat "$work/err" >&2
  exit 1
}
# The launcher compares this list with what it finds.
(
  LC_ALL=C
  cd "$new/lib/standalone" && stat -c '%s %n' -- *.jar >../standalone.aot.libraries
)

# The first start reads the files into the system's memory; the median of the other five counts.
times=
for try in 0 1 2 3 4 5; do
  begin=$(now)
  server_start
  check
  [ "$try" = 0 ] || times="$times $((($(now) - begin) / 1000000))"
  [ "$try" = 5 ] || server_stop
done
# shellcheck disable=SC2086 # a list of numbers
median=$(printf '%s\n' $times | sort -n | sed -n 3p)
# What the compilers used is given back within ten seconds.
sleep 12
memory=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$server/status")
server_stop

rm -rf "${dist:?}"
mv "$new" "$dist"
echo "modules: $modules"
for part in runtime lib bin .; do
  printf '%8s KiB  %s\n' "$(du -sk "$dist/$part" | cut -f 1)" "$dist/$part"
done
echo "first answer after a start: $median ms (median of$times; curl's own start is in it)"
echo "memory when idle: $((memory / 1024)) MiB resident"
echo "start it: $dist/bin/tollgate serve"
