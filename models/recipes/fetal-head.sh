#!/bin/sh
# Makes models/fetal-head.safetensors again. From the root of the repository:
#
#     sh models/recipes/fetal-head.sh [DATA] [OUT]
#
# DATA is a folder with images/ and labels/, of the images that models/fetal-head.md names; OUT is the model file to write. Started again
# with the same words it goes on where it stopped.
set -eu
DATA=${1:-../shared/data/clinical/fetal-head}
OUT=${2:-fetal-head.safetensors}
insitu() { cargo run --release --quiet -p insitu-cli -- "$@"; }

insitu train --data "$DATA" --out "$OUT" --long-side 192 --patch 192 --batch 4 --rotation 30 --scale 1.3 \
  --elastic 6 --shift 20 --contrast 1.5 --brightness 0.2 --gamma 1.6 --steps 3000 --flips --average 0.998 \
  --border-weight 0 --smallest-part 1 --half --patients --test-fraction 0.2 --val-fraction 0.15 --every 250 --validated 60 \
  --seed 1 --title 'Fetal head' --class head \
  --summary 'The head of a fetus in the standard plane of ultrasound, filled to the outer edge of the skull.' \
  --licence 'CC BY 4.0' \
  --attribution 'HC18 (van den Heuvel et al. 2018, PLoS ONE 13(8):e0200412; Zenodo 1327317), CC BY 4.0.'
