#!/usr/bin/env bash
# command_line.sh IMAGE FOLDER: a mask, an edit, its measurement, and a small batch, from the command line.
set -euo pipefail
diffedit="$(dirname "${BASH_SOURCE[0]}")/../diffedit"
image="$1" folder="$2"
mkdir -p "$folder"
"$diffedit" mask "$image" --source "green nuclei" --target "cyan nuclei" --maps 2 --steps 6 --seed 7 -o "$folder/mask.tif"
"$diffedit" edit "$image" --source "green nuclei" --target "cyan nuclei" --maps 2 --steps 6 --seed 7 -o "$folder/edited.png"
"$diffedit" measure "$image" --after "$folder/edited.png" --drawn-mask "$folder/mask.tif" -o "$folder/parts.csv"
printf 'image,target,seed\n%s,cyan nuclei,1\n%s,blue nuclei,2\n' "$(basename "$image")" "$(basename "$image")" |
  "$diffedit" batch "$(dirname "$image")" --table - --source "green nuclei" --maps 2 --steps 6 --names "{name}-{target}" -o "$folder/batch" --summary -
