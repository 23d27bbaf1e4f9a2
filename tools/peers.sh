# The peers that benchmarks compare us with, for the scripts that source this file after
# packages.sh: built once, outside the tree, since that takes minutes and make clean should not cost
# them again.
# shellcheck shell=sh

PEERS_CACHE=${XDG_CACHE_HOME:-${HOME:?is not set}/.cache}/tollgate
THROTTLECRAB_VERSION=0.4.40
# It has no releases: the version is that of a commit.
RATELIMIT_VERSION=v1.4.1-0.20260122083618-3fb702589d36

# peers_throttlecrab: prints its program, built once, or - where there is no cargo.
peers_throttlecrab() {
  peers_folder=$PEERS_CACHE/throttlecrab-$THROTTLECRAB_VERSION
  if [ ! -x "$peers_folder/bin/throttlecrab-server" ]; then
    if ! command -v cargo >/dev/null 2>&1; then
      echo "tollgate: cargo is missing, so throttlecrab-server $THROTTLECRAB_VERSION cannot be" \
        "built and is not compared; install Rust with cargo" >&2
      echo -
      return
    fi
    packages_need protobuf-compiler
    echo "tollgate: building throttlecrab-server $THROTTLECRAB_VERSION, once; takes minutes" >&2
    cargo install --quiet --locked --root "$peers_folder" \
      throttlecrab-server --version "$THROTTLECRAB_VERSION" >&2
  fi
  echo "$peers_folder/bin/throttlecrab-server"
}

# peers_ratelimit: prints the program of Envoy's rate limit service, built once, or - where there
# is no go.
peers_ratelimit() {
  peers_folder=$PEERS_CACHE/envoy-ratelimit-$RATELIMIT_VERSION
  if [ ! -x "$peers_folder/service_cmd" ]; then
    if ! command -v go >/dev/null 2>&1; then
      echo "tollgate: go is missing, so Envoy's ratelimit $RATELIMIT_VERSION cannot be built and" \
        "is not compared; install Go" >&2
      echo -
      return
    fi
    echo "tollgate: building Envoy's ratelimit $RATELIMIT_VERSION, once; takes minutes" >&2
    GOBIN=$peers_folder go install \
      "github.com/envoyproxy/ratelimit/src/service_cmd@$RATELIMIT_VERSION" >&2
  fi
  echo "$peers_folder/service_cmd"
}

# peers_tools <program>=<package>...: installs the packages of those programs that are missing.
peers_tools() {
  peers_missing=
  for peers_tool in "$@"; do
    command -v "${peers_tool%%=*}" >/dev/null 2>&1 ||
      peers_missing="$peers_missing ${peers_tool#*=}"
  done
  # shellcheck disable=SC2086 # a list of names
  [ -z "$peers_missing" ] || packages_need_unstarted $peers_missing
}
