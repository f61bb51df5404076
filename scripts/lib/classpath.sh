# Sourced by the scripts beside this folder: builds what has changed and defines run_java.
# Needs Java 17 and Maven; the first run fetches libraries from Maven Central.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"

# Compiles main and test classes and writes target/classpath.txt, unless it is newer than pom.xml and everything in src.
# maven_options may name a profile. Old classes go first: Maven may keep one that was compiled against what has changed.
build_if_changed() {
  local list="$root/target/classpath.txt"
  if [ -f "$list" ] && [ -z "$(find "$root/pom.xml" "$root/src" -newer "$list" -print -quit)" ]; then
    return
  fi
  mkdir -p "$root/target"
  touch "$root/target/build-started"
  rm -rf "$root/target/classes" "$root/target/test-classes" "$root/target/maven-status" "$root/target/generated-test-sources"
  mvn -q -B ${maven_options:-} -f "$root/pom.xml" test-compile dependency:build-classpath -Dmdep.outputFile="$list" -Dmdep.includeScope=test >&2
  touch -r "$root/target/build-started" "$list"
}

# run_java CLASS ARGUMENT...: runs a main class of the project, in the caller's folder.
run_java() {
  build_if_changed
  # Threads that wait give way: where others work on the same cores, small operations are 20 times faster.
  export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-PASSIVE}"
  local java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
  exec "$java" -Djava.awt.headless=true -cp "$root/target/test-classes:$root/target/classes:$(cat "$root/target/classpath.txt")" "$@"
}
