#!/bin/sh
# Prints the folder of the Python libraries that the tests run, the clients of gRPC and Redis and
# the WebSockets of the recipes, after fetching them where they are not there yet. They come by pip
# and whatever registry that is set to; pip holds them to the hashes below.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd -P)
. "$root/tools/packages.sh"
. "$root/tools/pip.sh"

VERSION=1.85.1
REDIS_PY=8.1.0
WEBSOCKETS=17.4
# Outside the tree, like Envoy.
cache=${XDG_CACHE_HOME:-${HOME:?is not set}/.cache}/tollgate
clients=$cache/python-clients-grpc-$VERSION-redis-$REDIS_PY-websockets-$WEBSOCKETS

# wanted: wheels for CPython 3.11 on Linux on amd64, or for all.
wanted() {
  cat <<END
grpcio==$VERSION \
  --hash=sha256:83aced2a1c05648cee0de34e531351118b14c58238f0a61b43559ac8851647a8
grpcio-health-checking==$VERSION \
  --hash=sha256:05e1cb0cc69706f89e884d219c9b2b9da4f561c1c610e9987ee4492b9c826ad1
grpcio-reflection==$VERSION \
  --hash=sha256:476f98ec652a5d69f837781ef44c9ff65ebc116e58a6c1dc7712526ac071262a
protobuf==7.36.2 \
  --hash=sha256:89f23aa53c24553a2416fd4fd1ec06f74fa42b14b546d8883128813f775bbfd2
redis==$REDIS_PY \
  --hash=sha256:a4fe1aac3d3b3cc791d4b3d5931c5a956045dc951ee74d1c913ee3ac4d2ee9fb
typing-extensions==4.16.0 \
  --hash=sha256:481caa481374e813c1b176ada14e97f1f67a4539ce9cfeb3f350d78d6370c2e8
websockets==$WEBSOCKETS \
  --hash=sha256:c6bd2c9781915592b209160d0f017d4c7c82ad53075e6b0c24d2a89299e7f9e9
END
}

# fetch: leaves them in the cache; a run beside this one may do the same.
fetch() {
  pip_need
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/fetch.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' INT TERM
  echo "tollgate: fetching Python's gRPC $VERSION, Redis $REDIS_PY, WebSockets $WEBSOCKETS, once;" \
    "9 MB" >&2
  wanted >"$work/wanted.txt"
  pip_run install --no-deps --only-binary :all: --require-hashes -r "$work/wanted.txt" \
    --target "$work/clients"
  # Whoever was quicker has put the same there.
  mv -T "$work/clients" "$clients" 2>/dev/null || [ -d "$clients" ]
}

[ -d "$clients" ] || fetch
echo "$clients"
