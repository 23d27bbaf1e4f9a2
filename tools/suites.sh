#!/bin/sh
# suites.sh <status of the build>: prints every suite that ran and, last, the sum over all modules.
# Fails when the build did, when a test failed, when none ran, or when a test class left no report.
set -eu
cd "$(dirname "$0")/.."
build=$1
reports=$(find . -path '*/target/*-reports/TEST-*.xml' | sort)

sources=$(find . -name target -prune -o -path '*/src/test/java/*' \
  \( -name '*Test.java' -o -name '*IT.java' \) -print)

silent=0
if [ "$build" = 0 ]; then
  for source in $sources; do
    class=$(basename "$source" .java)
    grep -Eq "(abstract class|interface) $class\\b" "$source" && continue
    case $reports in
      *".$class.xml"*) ;;
      *)
        echo "$source: no report, so it did not run; see the test names in CONTRIBUTING.md" >&2
        silent=$((silent + 1))
        ;;
    esac
  done
fi

[ "$build" = 0 ] || echo "The build failed; the first [ERROR] above says where." >&2
# shellcheck disable=SC2086 # a list of paths without blanks
awk -v build="$build" -v silent="$silent" '
  function value(name) {
    if (!match($0, " " name "=\"[^\"]*\"")) return ""
    return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
  }
  /<testsuite / {
    bad = value("failures") + value("errors")
    good = value("tests") - bad - value("skipped")
    printf "%6d passed %4d failed %4d skipped  %s (%s s)\n", good, bad, value("skipped"),
      value("name"), value("time")
    passed += good; failed += bad; skipped += value("skipped")
  }
  END {
    failed += silent
    printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
    exit build != 0 || failed > 0 || passed + failed == 0
  }' $reports </dev/null
