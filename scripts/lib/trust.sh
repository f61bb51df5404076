# Sourced by verify-long: what a release must pass beside the tests, as one table.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
here="$root/scripts"
trust="$root/target/trust"

gates="long-tests fuzz load release reproducible dependencies bugs javadoc faults offline coverage mutants-schedulers mutants-masks mutants-readers python"

maven() {
  mvn -B -f "$root/pom.xml" "$@"
}

# The tests that are named by options, without the coverage agent, whose place in Surefire's arguments must be filled all the same.
junit() {
  maven -Djacoco.skip=true jacoco:prepare-agent surefire:test -Dtests.left.out= "$@"
}

# gate NAME: runs a gate and prints what it measured; fails if the limit is missed. What it says otherwise goes into a log.
gate() {
  case "$1" in
    long-tests) rm -rf "$root/target/surefire-reports" && junit -Dgroups=long >&2 && tests "$root/target/surefire-reports" ;;
    fuzz) fuzz ;;
    load) (source "$here/lib/classpath.sh" && JAVA_TOOL_OPTIONS="-Xms256m -Xmx256m -XX:+AlwaysPreTouch -XX:+UseSerialGC" run_java sc.fiji.diffedit.load.LongLoad "${LOAD_SECONDS:-600}") ;;
    release) rm -rf "$trust/release" && "$here/release" "$trust/release" >&2 && echo "$(wc -l < "$trust/release/SHA256SUMS" | tr -d ' ') files, each part with a place and a licence" ;;
    reproducible) "$here/check-reproducible" >"$trust/jars" && echo "$(wc -l < "$trust/jars" | tr -d ' ') jars, built twice" ;;
    dependencies) junit -Dtest=PinnedDependenciesTest >&2 && echo "$(wc -l < "$root/.mvn/checksums/checksums.sha256" | tr -d ' ') files pinned" ;;
    bugs) maven com.github.spotbugs:spotbugs-maven-plugin:check >&2 && echo 0 ;;
    javadoc) maven javadoc:javadoc >&2 && echo 0 ;;
    faults) faults ;;
    offline) offline ;;
    coverage) coverage ;;
    mutants-schedulers) mutants schedulers 'sc.fiji.diffedit.schedulers.*' 'sc.fiji.diffedit.schedulers.*' ;;
    mutants-masks) mutants masks "$(classes pipelines.DifferenceMap pipelines.MaskResult pipelines.EditMasks tensor.Mask tensor.Raster)" \
      'sc.fiji.diffedit.pipelines.*,sc.fiji.diffedit.tensor.*' ;;
    mutants-readers) mutants readers 'sc.fiji.diffedit.weights.*' 'sc.fiji.diffedit.weights.*' ;;
    python) "$here/check-python" | tail -1 ;;
    *) echo "No gate is called '$1'; there are: $gates." >&2; return 2 ;;
  esac
}

# What a gate wants, in words.
limit_of() {
  case "$1" in
    long-tests) echo "the tests that take longer pass" ;;
    fuzz) echo "whatever bytes a file has, it is read or refused in one sentence" ;;
    release) echo "zips, update site, list of parts and checksums" ;;
    reproducible) echo "the same bytes in another folder, language and time zone" ;;
    dependencies) echo "what Maven fetched is what is pinned" ;;
    bugs) echo "no finding of SpotBugs and Find Security Bugs" ;;
    javadoc) echo "no warning" ;;
    load) echo "each result has the bits of a run alone, nothing is left in memory" ;;
    faults) echo "full disks, refused memory, odd paths, old libraries" ;;
    offline) echo "an edit, the engine manager and downloads from this machine alone, in a namespace without network" ;;
    coverage) echo "90 % of the lines of schedulers, pipelines, weights, models" ;;
    mutants-*) echo "80 % of PIT's mutants are found" ;;
    python) echo "numpy arrays in and out" ;;
  esac
}

classes() {
  local name list=""
  for name in "$@"; do list="$list,sc.fiji.diffedit.$name,sc.fiji.diffedit.$name\$*"; done
  echo "${list#,}"
}

# The processor's name, as /proc/cpuinfo or macOS has it.
processor() {
  sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -1 | grep . || sysctl -n machdep.cpu.brand_string
}

# Tests that passed, of Surefire's reports.
tests() {
  cat "$1"/TEST-*.xml | sed -n 's/.*<testsuite .*tests="\([0-9]*\)".*/\1/p' | awk '{ all += $1 } END { print all " tests" }'
}

# faults: with older libraries of other plugins, which are fetched.
faults() {
  local jars="$trust/old-jars" one
  for one in com.google.code.gson:gson:2.2.4 org.slf4j:slf4j-api:1.7.5 net.java.dev.jna:jna:4.1.0; do
    maven -q dependency:copy "-Dartifact=$one" "-DoutputDirectory=$jars" >&2 || return
  done
  rm -rf "$root/target/surefire-reports" && junit '-Dtest=sc/fiji/diffedit/faults/*Test' "-Ddiffedit.oldJars=$jars" >&2 && tests "$root/target/surefire-reports"
}

# offline: what has to do with the network, where there is none but the machine's own address (Linux).
offline() {
  rm -rf "$root/target/surefire-reports" &&
  unshare -rn sh -c 'ip link set lo up && exec "$@"' sh mvn -o -B -f "$root/pom.xml" -Djacoco.skip=true jacoco:prepare-agent surefire:test -Dtests.left.out= \
    '-Dtest=HardPlacesTest,EngineInstallerTest,EnginesAtOnceTest,InstallationReportTest,DownloadTest,ModelDownloadTest' >&2 && tests "$root/target/surefire-reports"
}

# fuzz: each fuzz test for FUZZ_SECONDS, in a process of its own, as Jazzer wants it. What fails is kept among the tests' resources.
fuzz() {
  local file class method one="$trust/fuzz.txt" all="$trust/fuzz-all.txt"
  : > "$all"
  for file in $(grep -rl '^[[:space:]]@FuzzTest' "$root/src/test/java" | sort); do
    class="$(basename "$file" .java)"
    for method in $(grep -A1 '^[[:space:]]@FuzzTest' "$file" | sed -n 's/.* void \([A-Za-z0-9]*\)(.*/\1/p'); do
      JAZZER_FUZZ=1 junit "-Dtest=$class#$method" -DforkCount=1 -Djazzer.hooks=true '-Djazzer.instrument=sc.fiji.diffedit.**' \
        "-Djazzer.max_duration=${FUZZ_SECONDS:-300}s" >"$one" 2>&1 || { cat "$one" >&2; echo "$class.$method fails" >&2; return 1; }
      cat "$one" >> "$all"
    done
  done
  sed -n 's/^#\([0-9]*\)[[:space:]]*DONE.*/\1/p' "$all" | awk '{ all += $1 } END { printf "%d inputs through %d readers\n", all, NR }'
}

# coverage: the lines that the last run of all tests touched; runs them if that run is older than the sources.
coverage() {
  local found="$root/target/jacoco.exec"
  if [ ! -f "$found" ] || [ -n "$(find "$root/src" -newer "$found" -print -quit)" ]; then maven verify >&2 || return; fi
  maven jacoco:report jacoco:check@coverage >&2 &&
  awk -F , '$2 ~ /\.(schedulers|pipelines|weights|models)$/ { missed[$2] += $8; covered[$2] += $9 }
    END { for (name in covered) printf "%s %.1f %%  ", substr(name, 18), 100 * covered[name] / (covered[name] + missed[name]) }' "$root/target/site/jacoco/jacoco.csv"
  echo
}

# mutants NAME CLASSES TESTS
mutants() {
  maven org.pitest:pitest-maven:mutationCoverage "-DtargetClasses=$2" "-DtargetTests=$3" "-DreportsDirectory=$trust/$1" >&2 &&
  awk -F , '{ all++; if ($6 != "SURVIVED" && $6 != "NO_COVERAGE") found++ } END { printf "%.0f %% of %d\n", 100 * found / all, all }' "$trust/$1/mutations.csv"
}

# run_trust [GATE ...]: all, or those that are named. The table has what earlier calls measured of the same sources too.
run_trust() {
  local name result failed=0 rows="$trust/rows-$(git -C "$root" rev-parse --short HEAD)"
  mkdir -p "$rows"
  # shellcheck disable=SC2086
  [ $# -gt 0 ] || set -- $gates
  for name in "$@"; do [ -n "$(limit_of "$name")" ] || { gate "$name"; return 2; }; done
  maven -q test-compile >"$trust/compile.log" 2>&1 || { cat "$trust/compile.log" >&2; return 1; }
  for name in "$@"; do
    echo "$name ..." >&2
    result="$(gate "$name" 2>"$trust/$name.log")" || { result="**failed**, see target/trust/$name.log"; failed=1; }
    echo "| $name | $(limit_of "$name") | $result |" > "$rows/$name"
  done
  {
    printf '%s, %s\n\n| gate | limit | result |\n| --- | --- | --- |\n' "$(date +%Y-%m-%d)" "$(processor)"
    for name in $gates; do [ ! -f "$rows/$name" ] || cat "$rows/$name"; done
  } | tee "$trust/table.md"
  return $failed
}
