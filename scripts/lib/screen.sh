# Sourced by verify-long: goes through DiffEdit with mouse and keyboard, in plain ImageJ or in a Fiji of the user's.

source "$(dirname "${BASH_SOURCE[0]}")/classpath.sh"
source "$(dirname "${BASH_SOURCE[0]}")/imagej.sh"

# run_screen [FIJI]: from the start to a mask, a corrected mask and an edit, by forms and by the window, twice each.
run_screen() {
  need_tools xvfb-run openbox jar
  build_if_changed
  local fiji="${1:-}" out="$root/target/screen" work="$root/target/screen-home" main options way class_path
  mkdir -p "$out"
  cp "$root/src/main/resources/sc/fiji/diffedit/demo/samples/01.png" "$out/cells.png"
  if [ -n "$fiji" ]; then
    [ -n "$(find "$fiji/jars" "$fiji/plugins" -maxdepth 2 -name "diffedit*.jar" -print -quit)" ] || { echo "There is no DiffEdit in $fiji; unpack diffedit-VERSION-fiji.zip there first." >&2; return 2; }
    main=net.imagej.Main
    class_path="$(find "$fiji/jars" "$fiji/plugins" -maxdepth 2 -name '*.jar' | paste -sd:)"
    options=(--add-opens java.base/java.lang=ALL-UNNAMED -Dscijava.context.strict=false "-Dij.dir=$fiji" "-Dfiji.dir=$fiji")
  else
    assemble_imagej "$root/target/imagej"
    main=ij.ImageJ
    class_path="$imagej_jar"
    options=("-Dplugins.dir=$root/target/imagej")
  fi
  options+=(--add-opens java.desktop/java.awt=ALL-UNNAMED --add-opens java.desktop/sun.awt.X11=ALL-UNNAMED)   # where AWT draws its menus
  for way in forms window forms window; do
    rm -rf "$work"                                     # what an earlier run typed shall not come back
    on_small_screen "$root/scripts/lib/openbox.xml" "${JAVA_HOME:+$JAVA_HOME/bin/}java" "${options[@]}" "-Djava.util.prefs.userRoot=$work" \
      -cp "$root/target/test-classes:$class_path" sc.fiji.diffedit.fiji.screen.WholePath "$main" "$out/cells.png" "$out" "$way" >"$out/$way.log" 2>&1 \
      || { tail -5 "$out/$way.log" >&2; echo "The way by $way did not come to its end; the pictures up to there are in $out." >&2; return 1; }
    echo "by $way: mask, corrected mask and edit"
  done
  echo "The pictures of each step are in $out."
}
