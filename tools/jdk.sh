# Finds JDK 25, for the scripts that source this file (after packages.sh).
# shellcheck shell=sh

JDK_MAJOR=25

# jdk_fits <folder>: true for the home of a whole JDK (compiler, linker) of our major version.
jdk_fits() {
  [ -x "$1/bin/javac" ] && [ -x "$1/bin/jlink" ] && [ -f "$1/release" ] &&
    grep -q "^JAVA_VERSION=\"${JDK_MAJOR}[.\"+-]" "$1/release"
}

# jdk_of_path: the home behind the first java on PATH, or nothing.
jdk_of_path() {
  command -v java >/dev/null 2>&1 || return 0
  java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
}

# jdk_search: prints the home of the first JDK 25 in the usual places; returns 1 if there is none.
jdk_search() {
  jdk_mac=
  if [ -x /usr/libexec/java_home ]; then
    jdk_mac=$(/usr/libexec/java_home -v "$JDK_MAJOR" 2>/dev/null) || jdk_mac=
  fi
  for jdk in "${JAVA_HOME:-}" "$(jdk_of_path)" /usr/lib/jvm/* /opt/* /opt/*/* /usr/local/* \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* "$jdk_mac"; do
    if [ -n "$jdk" ] && jdk_fits "$jdk"; then
      printf '%s\n' "$jdk"
      return 0
    fi
  done
  return 1
}

# jdk_install: tries Debian's packages. Returns 1 when none is offered or we may not install.
jdk_install() {
  packages_can_install || return 1
  packages_refresh
  for jdk_package in "openjdk-$JDK_MAJOR-jdk-headless" "temurin-$JDK_MAJOR-jdk"; do
    if packages_offered "$jdk_package"; then
      packages_need "$jdk_package"
      return
    fi
  done
  return 1
}

# jdk_need: sets and exports JAVA_HOME to a JDK 25, or says what to do and returns 1.
jdk_need() {
  JAVA_HOME=$(jdk_search || { jdk_install && jdk_search; }) || {
    cat >&2 <<EOF
tollgate: JDK $JDK_MAJOR was not found. Looked at JAVA_HOME, java on PATH, /usr/lib/jvm, /opt,
/usr/local, ~/.sdkman, ~/.jdks and macOS's java_home; no configured Debian source offers one.
Install a JDK $JDK_MAJOR (not a JRE; for example Eclipse Temurin $JDK_MAJOR), then either put it in
one of these places or set JAVA_HOME to its folder, and run the command again.
EOF
    return 1
  }
  export JAVA_HOME
}
