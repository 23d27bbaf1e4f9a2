# Debian packages, for the scripts that source this file: install what is missing, or name it.
# shellcheck shell=sh

# packages_can_install: true where we may install by ourselves, as root on Debian and its kin.
packages_can_install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1
}

# packages_offered <name>: true when a configured source has this package.
packages_offered() {
  [ -n "$(apt-cache search --names-only "^$1\$" 2>/dev/null)" ]
}

# packages_refresh: fetches the package lists; says so when that fails, and goes on with the old.
packages_refresh() {
  apt-get update -qq >&2 || echo "tollgate: apt-get update failed, using the lists as they are" >&2
}

# packages_need <name>...: installs those that are missing with one apt-get call. Without the right
# to install it prints the exact command and returns 1.
packages_need() {
  packages_missing=
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
      packages_missing="$packages_missing $package"
  done
  [ -n "$packages_missing" ] || return 0
  if ! packages_can_install; then
    echo "tollgate: missing Debian packages. As root: apt-get install -y$packages_missing" >&2
    return 1
  fi
  echo "tollgate: installing$packages_missing" >&2
  packages_refresh
  # shellcheck disable=SC2086 # a list of names
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    $packages_missing >&2
}

# packages_need_unstarted <package>...: as packages_need, but what a package would start as a
# service (nginx on port 80) is not started: Debian asks a policy file, and without one the answer
# is yes.
packages_need_unstarted() (
  policy=/usr/sbin/policy-rc.d
  if packages_can_install && [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 1' INT TERM
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  packages_need "$@"
)
