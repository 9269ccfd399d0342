#!/bin/sh
# Makes models/chest-lungs.safetensors again. From the root of the repository:
#
#     sh models/recipes/chest-lungs.sh [DATA] [OUT]
#
# DATA is a folder with images/ and labels/, of the images that models/chest-lungs.md names; OUT is the model file to write. Started again
# with the same words it goes on where it stopped.
set -eu
DATA=${1:-../shared/data/clinical/chest-lungs}
OUT=${2:-chest-lungs.safetensors}
insitu() { cargo run --release --quiet -p insitu-cli -- "$@"; }

insitu train --data "$DATA" --out "$OUT" --long-side 192 --patch 192 --batch 4 --no-flips --rotation 12 \
  --scale 1.3 --elastic 6 --shift 20 --contrast 1.5 --brightness 0.2 --gamma 1.6 --steps 4000 \
  --average 0.998 --border-weight 0 --smallest-part 0.1 --half --patients --test-fraction 0.2 --val-fraction 0.15 --every 250 \
  --validated 60 --seed 1 --title 'Lungs' --class lung \
  --summary 'The lungs, heart shadow included, in frontal chest radiographs of adults and children.' \
  --licence 'CC BY 4.0' \
  --attribution 'Masks: V7 Labs COVID-19 X-ray dataset, CC BY 4.0. Children: Kermany et al. 2018 (Cell 172(5):1122), CC BY 4.0. Adults: covid-chestxray-dataset (Cohen et al. 2020), the films marked CC BY.'
