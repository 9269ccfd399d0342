#!/bin/sh
# Makes models/left-ventricle.safetensors again. From the root of the repository:
#
#     sh models/recipes/left-ventricle.sh [DATA] [OUT]
#
# DATA is a folder with images/ and labels/, of the images that models/left-ventricle.md names; OUT is the model file to write. Started again
# with the same words it goes on where it stopped.
set -eu
DATA=${1:-../shared/data/clinical/left-ventricle}
OUT=${2:-left-ventricle.safetensors}
insitu() { cargo run --release --quiet -p insitu-cli -- "$@"; }

insitu train --data "$DATA" --out "$OUT" --patch 192 --batch 4 --rotation 30 --scale 1.3 --elastic 6 \
  --shift 12 --contrast 1.5 --brightness 0.2 --gamma 1.5 --steps 1600 --flips --average 0.998 \
  --border-weight 0 --smallest-part 0.5 --half --patients --folds 4 --every 250 --seed 1 \
  --title 'Left ventricle' --class 'left ventricle' \
  --summary 'The blood in the left ventricle in cine MR of the heart, short axis.' --licence 'CC0-1.0' \
  --attribution 'Sunnybrook Cardiac Data (Radau et al. 2009, The MIDAS Journal), CC0.'
