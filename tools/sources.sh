# What the build has seen, for the scripts that source this file with $root set.
# shellcheck shell=sh

# sources_forget_moved: Maven leaves the output of a resource that was moved or removed, and the
# stale copy then shadows the new one. So when a source of the last build is gone, all class
# folders go too.
sources_forget_moved() {
  mkdir -p "${root:?}/target"
  (cd "$root" && find . -name target -prune -o -path '*/src/*' -type f -print) | sort \
    >"$root/target/sources.new"
  if [ -f "$root/target/sources" ] &&
    [ -n "$(comm -23 "$root/target/sources" "$root/target/sources.new")" ]; then
    (cd "$root" && find . -path '*/target/*' -prune \
      \( -name classes -o -name test-classes -o -name maven-status \) -exec rm -rf {} +)
  fi
  mv "$root/target/sources.new" "$root/target/sources"
}
