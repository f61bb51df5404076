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

# The plugin's own jar, as it was packaged last.
project_jar() {
  ls -t "$root"/target/diffedit-*.jar | grep -v -e sources -e tests -e javadoc -e imagej | head -1
}

# The libraries that a user has beside the plugin, one per line: without those of tests and benchmarks.
plugin_libraries() {
  tr ':' '\n' < "$root/target/classpath.txt" | grep -v -E '(groovy|junit|jazzer|archunit|jmh|opentest4j|apiguardian|jopt|commons-math)[^/]*$'
}

# run_java CLASS ARGUMENT...: runs a main class of the project, in the caller's folder.
run_java() {
  build_if_changed
  run_classes "$root/target/test-classes:$root/target/classes:$(cat "$root/target/classpath.txt")" "$@"
}

# run_classes CLASS_PATH CLASS ARGUMENT...: the same without a look at what has changed.
run_classes() {
  local class_path="$1"
  shift
  # Threads that wait give way: where others work on the same cores, small operations are 20 times faster.
  export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-PASSIVE}"
  local java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
  exec "$java" -Djava.awt.headless=true -cp "$class_path" "$@"
}

# For what runs some seconds: compiling Java code well takes longer then than it saves.
quick=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=error -Dscijava.log.level=error)

# run_quickly CLASS ARGUMENT...: runs a main class of the plugin, with the options in quick. Tests and their libraries stay out of the
# class path, since SciJava looks into each jar.
run_quickly() {
  build_if_changed
  local libraries
  libraries="$(plugin_libraries | paste -sd:)"
  run_classes "$root/target/classes:$libraries" "${quick[@]}" "$@"
}

# run_diffedit VERB ARGUMENT...: the command line. Results alone go to the standard output.
run_diffedit() {
  if [ "${1:-}" = batch ]; then quick+=(-XX:TieredStopAtLevel=4); fi   # runs for hours
  if [ -t 2 ]; then quick+=(-Ddiffedit.terminal=true); fi
  if [ -n "${DIFFEDIT_CACHE:-}" ]; then quick+=("-Ddiffedit.cache=$DIFFEDIT_CACHE"); fi
  run_quickly sc.fiji.diffedit.fiji.cli.DiffEditCli "$@"
}
