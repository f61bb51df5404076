# Sourced by the scripts for Apache Spark, after classpath.sh: builds the jar for spark-submit and defines run_spark.

spark_build="$root/target/spark"

# Builds the jar and fetches Spark and PyTorch's CPU library, unless the jar is newer than pom.xml and all sources.
build_spark_if_changed() {
  local stamp="$spark_build/built"
  if [ -f "$stamp" ] && [ -z "$(find "$root/pom.xml" "$root/src/main" "$root/src/spark/java" -newer "$stamp" -print -quit)" ]; then
    return
  fi
  mkdir -p "$spark_build"
  touch "$spark_build/build-started"
  # Without the plugin's own tests, which are compiled by other builds.
  mvn -q -B -Pspark -f "$root/pom.xml" -Dmaven.test.skip=true -Dspotless.check.skip=true -Dmaven.source.skip=true package >&2
  touch -r "$spark_build/build-started" "$stamp"
}

# The jar for spark-submit: DiffEdit and its libraries, without Spark.
spark_jar() {
  ls "$spark_build"/diffedit-*-spark.jar
}

# run_spark OPTION... JAR ARGUMENT...: spark-submit of SPARK_HOME, or of the Spark that the build has fetched.
run_spark() {
  if [ -n "${SPARK_HOME:-}" ]; then
    exec "$SPARK_HOME/bin/spark-submit" "$@"
  fi
  export SPARK_HOME="$spark_build/home" SPARK_SCALA_VERSION=2.13
  local java="${JAVA_HOME:+$JAVA_HOME/bin/}java" command=() word
  # The launcher says how Java is to be called, with what Spark needs of it: a line of its own, then words that end with zero bytes.
  while IFS= read -r -d '' word; do command+=("${word#$'\n'}"); done < <("$java" -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit "$@")
  if [ -z "${command[0]}" ]; then command=("${command[@]:1}"); fi
  exec "${command[@]}"
}
