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
    mutants-*) mutants "$1" ;;
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

# Class and method of each fuzz test. Readers of files, which are slower than those of texts, come first.
fuzz_tests() {
  local file name
  for file in $(cd "$root/src/test/java" && grep -rl '^[[:space:]]@FuzzTest' . | sort -r); do
    name="${file#./}"
    name="${name%.java}"
    grep -A1 '^[[:space:]]@FuzzTest' "$root/src/test/java/$file" | sed -n "s/.*[[:space:]]void \([A-Za-z0-9]*\)(.*/${name//\//.} \1/p"
  done
}

# fuzz: each fuzz test by Jazzer, which looks for inputs that reach new code, in a process of its own as it wants it; then all in one process with
# changes of what lies in the resources or was found, until there were FUZZ_INPUTS in all. What fails is kept among the tests' resources.
fuzz() {
  local class method failed=0 guided=0 one="$trust/fuzz.txt" counts="$trust/fuzz-counts.txt" seconds="${FUZZ_SECONDS:-60}"
  : > "$counts"
  while read -r class method; do
    JAZZER_FUZZ=1 junit "-Dtest=$class#$method" -DforkCount=1 -Djazzer.hooks=true '-Djazzer.instrument=sc.fiji.diffedit.**' \
      -Djunit.jupiter.execution.timeout.mode=disabled "-Djazzer.max_duration=${seconds}s" >"$one" 2>&1 </dev/null || { cat "$one" >&2; failed=1; }
    echo "${class##*.}.$method guided $(sed -n 's/^#\([0-9]*\)[[:space:]]*DONE.*/\1/p' "$one")" | tee -a "$counts" >&2
  done < <(fuzz_tests)
  guided="$(awk '{ all += $3 } END { print all + 0 }' "$counts")"
  fuzz_tests | (source "$here/lib/classpath.sh" && cd "$root" && run_java sc.fiji.diffedit.LongFuzz $((${FUZZ_INPUTS:-10000000} - guided)) $((5 * seconds))) | tee -a "$counts" >&2 || failed=1
  fuzz_table "$counts"
  return $failed
}

# fuzz_table COUNTS: a row for each fuzz test into the gate's own table, and the sum. A test without a count ended with an input that fails.
fuzz_table() {
  awk -v rows="$trust/fuzz.md" '{ if (!($1 in seen)) names[++n] = $1; seen[$1] = 1; count[$1, $2] = $3 == "" || $4 > 0 ? "**fails**" : $3; all += $3 }
    END {
      print "| fuzz test | guided by coverage | other changes |\n| --- | --- | --- |" > rows
      for (i = 1; i <= n; i++) print "| `" names[i] "` | " count[names[i], "guided"] " | " count[names[i], "changed"] " |" > rows
      printf "%d inputs through %d readers\n", all, n
    }' "$1"
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

# slices GATE: parts of a gate that PIT does in minutes. A name, classes, and the tests that shall notice changes of them; below sc.fiji.diffedit.
slices() {
  case "$1" in
    mutants-schedulers)
      slice levels schedulers.{Timesteps,TimestepSpacing,ConsistencyTimesteps,NoiseLevels,BetaDistribution,EdmLevels,VpLevel,SigmaSpacing,SigmaSchedule,SigmaTable} \
        schedulers.{MidpointSchedule,SolverSchedule,GaussLegendre,LinearEquations,SchedulerConfig} -- pipelines.InversionPathTest schedulers.\*Test goldens.GoldenCasesTest
      slice steps schedulers.{DDIM,DDPM,Euler,EDMEuler,LCM,TCD,LMS,PNDM,IPNDM,Heun,KDPM2}\*Scheduler schedulers.{BaseRun,VpRun,SigmaRun,MidpointRun,AncestralStep,PredictionType,SampleLimits,StepArguments} \
        -- schedulers.\*Test goldens.GoldenCasesTest
      slice solvers schedulers.{DPMSolver,DPMSolverMultistepScheduler,DPMSolverMultistepInverseScheduler,DPMSolverSinglestepScheduler,DPMSolverSDEScheduler} \
        schedulers.{EDMDPMSolverMultistepScheduler,DEISMultistepScheduler,UniPCMultistepScheduler,MultistepRun} -- schedulers.\*Test goldens.GoldenCasesTest ;;
    mutants-masks)
      slice thresholds pipelines.{DifferenceMap,Threshold,ObjectThreshold,ObjectLabels,MaskMaps,MaskResult} tensor.{Mask,Quantiles} \
        -- pipelines.{ThresholdTest,ObjectThresholdTest,SmoothingTest,GuidedFilterTest,MaskMapsTest} tensor.MaskTest
      slice filters pipelines.{GuidedFilter,Guide,Smoothing} -- pipelines.{SmoothingTest,GuidedFilterTest,ThresholdTest}
      slice pixels pipelines.{EditMasks,Sizes} tensor.{MaskBits,Raster} -- pipelines.{EditMasksTest,SizesTest} tensor.{MaskBitsTest,RasterTest} ;;
    mutants-readers)
      slice safetensors weights.Safetensors{Header,File,Writer} weights.CopiedBytes -- weights.{SafetensorsTest,CopiedBytesTest,FuzzedWeightsTest}
      slice gguf weights.Gguf{Header,Input,File,Type} weights.QuantisedTensor -- weights.{GgufFileTest,FuzzedWeightsTest}
      slice pickles weights.Pickle{File,Guard,Input,Objects,Reader} weights.StoredZip -- weights.{PickleFileTest,PickleReaderTest,StoredZipTest,FuzzedWeightsTest}
      slice configs config.{Config,JsonText,SmallFile} weights.{PlainYaml,CheckpointYaml,YamlValues,ShardedWeights} -- weights.{CheckpointYamlTest,ModelFolderTest,ShardedWeightsTest,FuzzedWeightsTest} config.\*Test
      slice tokenizers text.{SentencePieceFile,CharsMap,ClipVocabulary,TokenizerJson,TokenizerPart,TokenizerSteps,TokenizerVocabulary,AddedTokens} \
        -- text.{CharsMapTest,TokenizerValuesTest,ClipTokenizerTest,OtherTokenizersTest,UnknownTokenizerPartsTest,FuzzedTokenizersTest} ;;
  esac
}

# slice NAME CLASS... -- TEST...: each with the classes inside it, as one line of three words.
slice() {
  local name="$1" classes="" tests=""
  shift
  while [ "$1" != -- ]; do classes="$classes,sc.fiji.diffedit.$1,sc.fiji.diffedit.$1\$*"; shift; done
  shift
  for test in "$@"; do tests="$tests,sc.fiji.diffedit.$test"; done
  echo "$name ${classes#,} ${tests#,}"
}

# mutants GATE[:SLICE]: what PIT changes in the classes of each slice, or of one, and how much of it the tests notice; golden cases are those of
# schedulers alone. Slices that earlier calls did of the same sources are in the table too.
mutants() {
  local gate="${1%%:*}" name classes tests found all=0 noticed=0 failed=0 left="" rows="$trust/${1%%:*}.md"
  printf '| %s | changes | noticed | of these by a time limit | |\n| --- | --- | --- | --- | --- |\n' "$gate" > "$rows"
  while read -r name classes tests; do
    if [ "$1" = "$gate" ] || [ "$1" = "$gate:$name" ]; then
      rm -f "$trust/$gate-$name/mutations.csv" "$(measured)/$gate-$name.csv"
      OMP_WAIT_POLICY=PASSIVE maven org.pitest:pitest-maven:mutationCoverage "-DtargetClasses=$classes" "-DtargetTests=$tests" \
        "-DreportsDirectory=$trust/$gate-$name" '-DjvmArgs=-Djava.awt.headless=true,-Djazzer.hooks=false,-Dgoldens.chosen=C_.*' >&2 </dev/null || failed=1
      mv "$trust/$gate-$name/mutations.csv" "$(measured)/$gate-$name.csv" || continue
    elif [ ! -f "$(measured)/$gate-$name.csv" ]; then
      left="$left; $name is left"
      continue
    fi
    found=($(awk -F , '{ all++; noticed += $6 != "SURVIVED" && $6 != "NO_COVERAGE"; late += $6 == "TIMED_OUT" } END { print all + 0, noticed + 0, late + 0 }' "$(measured)/$gate-$name.csv"))
    echo "| $name | ${found[0]} | ${found[1]} | ${found[2]} | $((100 * found[1] / (found[0] ? found[0] : 1))) % |" | tee -a "$rows" >&2
    all=$((all + found[0])) noticed=$((noticed + found[1]))
  done < <(slices "$gate")
  echo "$((100 * noticed / (all ? all : 1))) % of $all$left"
  return $failed
}

# Where what was measured of the last commit is kept.
measured() {
  echo "$trust/rows-$(git -C "$root" rev-parse --short HEAD)"
}

# run_trust [GATE ...]: all, or those that are named. The table has what earlier calls measured of the same sources too.
run_trust() {
  local name result failed=0 rows
  rows="$(measured)"
  mkdir -p "$rows"
  # shellcheck disable=SC2086
  [ $# -gt 0 ] || set -- $gates
  for name in "$@"; do [ -n "$(limit_of "$name")" ] || { gate "$name"; return 2; }; done
  maven -q test-compile >"$trust/compile.log" 2>&1 || { cat "$trust/compile.log" >&2; return 1; }
  for name in "$@"; do
    echo "$name ..." >&2
    rm -f "$trust/${name%%:*}.md"
    result="$(gate "$name" 2>"$trust/$name.log")" || { result="**failed** ($result), see target/trust/$name.log"; failed=1; }
    echo "| ${name%%:*} | $(limit_of "$name") | $result |" > "$rows/${name%%:*}"
  done
  {
    printf '%s, %s\n\n| gate | limit | result |\n| --- | --- | --- |\n' "$(date +%Y-%m-%d)" "$(processor)"
    for name in $gates; do [ ! -f "$rows/$name" ] || cat "$rows/$name"; done
    for name in $(printf '%s\n' "${@%%:*}" | sort -u); do [ ! -f "$trust/$name.md" ] || { echo; cat "$trust/$name.md"; }; done
  } | tee "$trust/table.md"
  return $failed
}
