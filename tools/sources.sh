# What the build has seen, for the scripts that source this file with $root set.
# shellcheck shell=sh

# sources_forget_classes: the next build compiles everything.
sources_forget_classes() {
  (cd "${root:?}" && find . -path '*/target/*' -prune \
    \( -name classes -o -name test-classes -o -name maven-status \) -exec rm -rf {} +)
}

# sources_forget_stale: Maven leaves the output of a resource that was moved or removed, and the
# stale copy then shadows the new one; and it does not compile again when a compiler flag changed.
# So when a source of the last build is gone, or a pom is newer than it, all classes go.
sources_forget_stale() {
  mkdir -p "${root:?}/target"
  (cd "$root" && find . -name target -prune -o -path '*/src/*' -type f -print) | sort \
    >"$root/target/sources.new"
  if [ -f "$root/target/sources" ]; then
    sources_gone=$(comm -23 "$root/target/sources" "$root/target/sources.new")
    sources_poms=$(cd "$root" && find . -name target -prune -o \
      \( -name pom.xml -o -path './.mvn/*' \) -newer target/sources -print)
    [ -z "$sources_gone$sources_poms" ] || sources_forget_classes
  fi
  mv "$root/target/sources.new" "$root/target/sources"
}
