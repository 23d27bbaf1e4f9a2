#!/bin/sh
# Starts what tools/app.sh built. The environment reaches the server as it is, and signals too:
# nothing stands between.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd -P)
. "$root/tools/packages.sh"
. "$root/tools/jdk.sh"

jdk_need
# Whoever types make run reads what it prints.
export LOG_FORMAT="${LOG_FORMAT:-text}"
exec "$root/limiter-engine/server/target/app/bin/tollgate" serve
