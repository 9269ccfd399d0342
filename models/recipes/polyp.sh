#!/bin/sh
# Makes models/polyp.safetensors again. From the root of the repository:
#
#     sh models/recipes/polyp.sh [DATA] [OUT]
#
# DATA is a folder with images/ and labels/, of the images that models/polyp.md names; OUT is the model file to write. Started again
# with the same words it goes on where it stopped.
set -eu
DATA=${1:-../shared/data/clinical/polyp}
OUT=${2:-polyp.safetensors}
insitu() { cargo run --release --quiet -p insitu-cli -- "$@"; }

insitu train --data "$DATA" --out "$OUT" --long-side 128 --patch 128 --batch 8 --rotation 45 --scale 1.5 \
  --elastic 6 --shift 20 --contrast 1.4 --brightness 0.15 --gamma 1.5 --steps 4000 --flips --average 0.998 \
  --border-weight 0 --half --test-fraction 0.2 --val-fraction 0 --every 250 --seed 1 --title 'Polyps' --class polyp --summary 'Polyps of the bowel in colour pictures of colonoscopy.' \
  --licence 'CC BY 4.0' \
  --attribution 'HyperKvasir, segmentation part (Borgli et al. 2020, Scientific Data 7:283), CC BY 4.0; the page of Kvasir-SEG speaks of research and education.'
