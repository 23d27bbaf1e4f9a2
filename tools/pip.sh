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
