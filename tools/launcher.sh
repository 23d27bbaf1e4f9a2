# Which launcher a benchmark measures, for the scripts that source this file with $root set.
# shellcheck shell=sh

APP=${root:?}/limiter-engine/server/target/app

# launcher: dist/ when it holds what the sources give, else what it is made from.
launcher() {
  if [ ! -x "$root/dist/bin/tollgate" ]; then
    echo "$APP/bin/tollgate"
    return
  fi
  for file in bin/tollgate lib/standalone/limiter-server.jar; do
    if ! cmp -s "$APP/$file" "$root/dist/$file"; then
      echo "tollgate: dist/$file is not what the sources give; measuring $APP instead." \
        "For dist/: make dist" >&2
      echo "$APP/bin/tollgate"
      return
    fi
  done
  echo "$root/dist/bin/tollgate"
}
