# Sourced after classpath.sh: puts DiffEdit into a plain ImageJ, as a user would put it there.

# assemble_imagej FOLDER: plugins and jars of an ImageJ with DiffEdit. imagej_jar is then ImageJ's own jar.
assemble_imagej() {
  local folder="$1" jar
  rm -rf "$folder"
  mkdir -p "$folder/plugins" "$folder/jars"
  jar cf "$folder/jars/diffedit.jar" -C "$root/target/classes" .
  jar cf "$folder/plugins/diffedit-imagej_menu.jar" -C "$root/target/classes/sc/fiji/diffedit/fiji/bridge" plugins.config
  imagej_jar=""
  while IFS= read -r jar; do
    case "$jar" in
      */net/imagej/ij/*) imagej_jar="$jar" ;;
      *slf4j-simple*) ;;
      *) cp "$jar" "$folder/jars/" ;;
    esac
  done < <(plugin_libraries)
}

# need_tools TOOL...: stops if a program is not installed.
need_tools() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || { echo "This needs $tool: install xvfb, openbox and a JDK." >&2; exit 1; }
  done
}

# on_small_screen OPENBOX_CONFIG COMMAND...: runs it on a screen of 1366 x 768 pixels with a window manager; an empty text is for the usual one.
on_small_screen() {
  local config="$1"
  shift
  export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-PASSIVE}"   # as in run_classes
  # shellcheck disable=SC2016
  timeout 300 xvfb-run -a -s "-screen 0 1366x768x24" bash -c 'openbox ${0:+--config-file "$0"} >/dev/null 2>&1 & sleep 1; exec "$@"' "$config" "$@"
}
