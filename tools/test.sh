#!/bin/sh
# The whole build with all tests and gates, then the suites that ran. Arguments go to Maven.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd -P)
. "$root/tools/packages.sh"
. "$root/tools/sources.sh"

cd "$root"
# has <program>: whether it can be run.
has() { command -v "$1" >/dev/null 2>&1; }
has git || packages_need git
# The tests over Redis start their own, and preload a clock that they compile.
has redis-server && has redis-cli || packages_need_unstarted redis-server redis-tools
has cc || packages_need gcc libc6-dev
# Alerts and their unit tests are run by promtool.
has promtool || packages_need_unstarted prometheus
# Those of the gateways put real ones before the server, others call it from Python.
{ [ -x /usr/sbin/nginx ] && [ -x /usr/sbin/haproxy ] && has caddy; } ||
  packages_need_unstarted nginx haproxy caddy
# Kong's plugin is run without Kong: in nginx with Lua, its specs by busted.
{ [ -e /usr/lib/nginx/modules/ngx_http_lua_module.so ] && has busted &&
  lua5.1 -e 'require "cjson" require "lyaml"' 2>/dev/null; } ||
  packages_need_unstarted libnginx-mod-http-lua lua-busted lua-cjson lua-yaml lua5.1
envoy=$(tools/envoy.sh)
traefik=$(tools/traefik.sh)
clients=$(tools/python-clients.sh)
sources_forget_stale
find . -path '*/target/*' -prune \( -name surefire-reports -o -name failsafe-reports \) \
  -exec rm -rf {} +

build=0
# --fail-at-end: one failing module does not hide the others' results.
./mvnw -B -ntp --fail-at-end -Dtollgate.envoy="$envoy" -Dtollgate.traefik="$traefik" \
  -Dtollgate.python.clients="$clients" "$@" verify || build=$?
tools/suites.sh "$build"
