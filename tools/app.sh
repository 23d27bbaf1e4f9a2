#!/bin/sh
# Builds the server without tests into limiter-engine/server/target/app, which has the shape of
# dist/ but for the runtime.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd -P)
. "$root/tools/sources.sh"

cd "$root"
sources_forget_stale
echo "tollgate: building the server" >&2
./mvnw -B -ntp -q -pl limiter-engine/server -am -Dmaven.test.skip=true -Dspotless.check.skip=true \
  package
