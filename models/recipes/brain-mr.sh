#!/bin/sh
# Makes models/brain-mr.safetensors again. From the root of the repository:
#
#     sh models/recipes/brain-mr.sh [DATA] [OUT]
#
# DATA is a folder with images/ and labels/, of the images that models/brain-mr.md names; OUT is the model file to write. Started again
# with the same words it goes on where it stopped.
set -eu
DATA=${1:-../shared/data/clinical/brain-mr}
OUT=${2:-brain-mr.safetensors}
insitu() { cargo run --release --quiet -p insitu-cli -- "$@"; }

insitu train --data "$DATA" --out "$OUT" --labels binary --long-side 192 --patch 192 --batch 4 --rotation 15 \
  --scale 1.2 --elastic 6 --shift 12 --contrast 1.5 --brightness 0.2 --gamma 1.8 --invert 0.3 --steps 1600 \
  --flips --average 0.998 --border-weight 0 --smallest-part 0.05 --half --patients --folds 4 --every 250 --seed 1 --title 'Brain' --class brain \
  --summary 'The brain without skull and scalp in MR of the head, slice by slice: FLAIR, T1.' \
  --licence 'CC BY' --attribution 'Open MS data (Lesjak et al. 2017, University of Ljubljana), CC BY.'
