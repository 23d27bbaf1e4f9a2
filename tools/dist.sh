#!/bin/sh
# Makes dist/ from what tools/app.sh built and a Java runtime of only the modules that it needs.
set -eu
# Everybody may run what is made here, whatever the caller's habit.
umask 022
root=$(cd "$(dirname "$0")/.." && pwd -P)
. "$root/tools/packages.sh"
. "$root/tools/jdk.sh"

jdk_need
cd "$root"
mkdir -p target
work=$(mktemp -d target/dist.XXXXXX)
trap 'rm -rf "$work"' EXIT
new=$work/dist
cp -R limiter-engine/server/target/app "$new"
chmod -R u+w,go+rX,go-w "$new"

# --ignore-missing-deps: Netty names libraries that we do not ship (Bouncy Castle, Brotli).
modules=$("$JAVA_HOME/bin/jdeps" --multi-release 25 --ignore-missing-deps --print-module-deps \
  "$new"/lib/standalone/*.jar)
"$JAVA_HOME/bin/jlink" --add-modules "$modules" --output "$new/runtime" \
  --strip-java-debug-attributes --no-header-files --no-man-pages --generate-cds-archive

rm -rf dist
mv "$new" dist
echo "modules: $modules"
for part in runtime lib bin .; do
  printf '%8s KiB  dist/%s\n' "$(du -sk "dist/$part" | cut -f 1)" "$part"
done
echo "start it: dist/bin/tollgate serve"
