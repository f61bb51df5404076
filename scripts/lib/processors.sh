# Sourced by verify-long: runs the whole test suite as on other processors and with other numbers of threads, and makes a table of it.
# libtorch, oneDNN and MKL each take a limit of the instructions they use; one above what the machine has changes nothing.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
found="$root/target/processors"
page="$root/src/site/markdown/processors.md"

settings="here avx2 sse41 avx512 avx512-bf16 threads-1 threads-2 threads-3 threads-4"

# The environment of a setting.
environment_of() {
  case "$1" in
    here) ;;
    avx2) echo ATEN_CPU_CAPABILITY=avx2 ONEDNN_MAX_CPU_ISA=AVX2 MKL_ENABLE_INSTRUCTIONS=AVX2 ;;
    sse41) echo ATEN_CPU_CAPABILITY=default ONEDNN_MAX_CPU_ISA=SSE41 MKL_ENABLE_INSTRUCTIONS=SSE4_2 ;;
    avx512) echo ONEDNN_MAX_CPU_ISA=AVX512_CORE ;;
    avx512-bf16) echo ONEDNN_MAX_CPU_ISA=AVX512_CORE_BF16 ;;
    threads-[1-9]) echo "OMP_NUM_THREADS=${1#threads-}" ;;
    *) echo "No setting is called '$1'; there are: $settings." >&2; return 2 ;;
  esac
}

# run_setting SETTING GROUPS: runs the suite, or those tests of it that have a tag, in one setting. Leaves the errors that tests noted,
# the reports of what failed, and one line of counts.
run_setting() {
  local name="$1" groups="$2" variables
  variables="$(environment_of "$name")"
  mkdir -p "$found"
  rm -rf "$found/$name".* "$root/target/surefire-reports"
  : > "$found/$name.errors"
  echo "$name: ${variables:-as it is}" >&2
  # shellcheck disable=SC2086
  env $variables mvn -B -f "$root/pom.xml" test -Dspotless.check.skip=true -Davx2.skip=true -Dmaven.test.failure.ignore=true \
    "-Dgroups=$groups" "-Ddiffedit.errors=$found/$name.errors" > "$found/$name.log" 2>&1 || true
  sed -i.all '/^CheckGoldensTest/d' "$found/$name.errors" # its numbers are wrong on purpose
  sed -n '/^\[ERROR\] \(Failures\|Errors\):/,/^\[INFO\]/p' "$found/$name.log" | grep '^\[ERROR\]  ' > "$found/$name.failed" || true
  counts "$name" "$variables" "$groups" > "$found/$name.counts"
  cat "$found/$name.failed" "$found/$name.counts" >&2
  grep -q 'Tests run:' "$found/$name.log" || echo "No test ran, see $found/$name.log" >&2
}

# counts SETTING VARIABLES GROUPS: setting, variables, tests, failed, skipped, and the error nearest to its tolerance: error, tolerance,
# test class.
counts() {
  local results
  results="$(sed -n 's/^\[.*\] *Tests run: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\), Skipped: \([0-9]*\)$/\1 \2 \3 \4/p' "$found/$1.log" | tail -1)"
  [ -n "$results" ] || results="0 0 0 0"
  nearest < "$found/$1.errors" | awk -v name="$1${3:+, $3 tests}" -v variables="$2" -v results="$results" -F '\t' -v OFS='\t' \
    '{ split(results, n, " "); print name, variables, n[1], n[2] + n[3], n[4], $2, $3, $1 }'
}

# Of lines of class, error and tolerance the one whose error is the largest part of its tolerance.
nearest() {
  awk -F '\t' '!found || $2 / $3 > most { found = 1; most = $2 / $3; line = $0 } END { print line }'
}

# What was measured, as Markdown: a line for each setting, and one for each test class over all settings.
tables() {
  local name
  echo "$(sed -n 's/^model name.*: //p' /proc/cpuinfo 2>/dev/null | head -1) ($(uname -m), $(getconf _NPROCESSORS_ONLN) cores), $(date +%Y-%m-%d)."
  printf '\n| setting | variables | tests | failed | skipped | worst error | tolerance | in |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n'
  for name in $settings; do
    [ ! -f "$found/$name.counts" ] || awk -F '\t' '{ printf "| %s | %s | %s | %s | %s | %s | %s | %s |\n", $1, ($2 == "" ? "" : "`" $2 "`"), $3, $4, $5, $6, $7, $8 }' "$found/$name.counts"
  done
  printf '\nThe error nearest to its tolerance of each test class, over these settings:\n'
  printf '\n| test class | worst error | tolerance | part | setting |\n| --- | --- | --- | --- | --- |\n'
  for name in $settings; do
    [ ! -f "$found/$name.errors" ] || sed "s/\$/\t$name/" "$found/$name.errors"
  done | awk -F '\t' '{ part = $2 / $3; if (!($1 in most) || part > most[$1]) { most[$1] = part; line[$1] = $2 " | " $3; at[$1] = $4 } }
    END { for (class in most) printf "| %s | %s | %.2f | %s |\n", class, line[class], most[class], at[class] }' | sort
}

# Puts the tables between the marks of the page.
write_page() {
  local text="$found/tables.md"
  tables > "$text"
  awk -v text="$text" '/<!-- measured -->/ { print; while ((getline line < text) > 0) print line; skip = 1 } /<!-- end of measured -->/ { skip = 0 } !skip || /<!-- end/ { if (!/<!-- measured -->/) print }' \
    "$page" > "$found/page.md"
  cp "$found/page.md" "$page"
}

# run_processors [--numeric] [SETTING ...]
run_processors() {
  local name groups="" failed=0
  if [ "${1:-}" = --numeric ]; then
    groups=numeric
    shift
  fi
  for name in "$@"; do environment_of "$name" > /dev/null; done
  # shellcheck disable=SC2086
  [ $# -gt 0 ] || set -- $settings
  for name in "$@"; do run_setting "$name" "$groups"; done
  write_page
  tables
  for name in "$@"; do
    awk -F '\t' '$3 == 0 || $4 > 0 { exit 1 }' "$found/$name.counts" || failed=1
  done
  return $failed
}
