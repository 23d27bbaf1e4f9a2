#!/bin/sh
# Compiles everything and shows all warnings. What it compiled is thrown away, before and after:
# classes with warnings must not pass for good ones in the next build.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd -P)
. "$root/tools/sources.sh"

cd "$root"
sources_forget_classes
trap sources_forget_classes EXIT
./mvnw -B -ntp -Dorg.slf4j.simpleLogger.defaultLogLevel=warn --fail-at-end \
  -Dtollgate.warnings=-XDwarnings=shown -Dspotless.check.skip=true test-compile
