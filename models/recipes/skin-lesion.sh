#!/bin/sh
# Makes models/skin-lesion.safetensors again. From the root of the repository:
#
#     sh models/recipes/skin-lesion.sh [DATA] [OUT]
#
# DATA is a folder with images/ and labels/, of the images that models/skin-lesion.md names; OUT is the model file to write. Started again
# with the same words it goes on where it stopped.
set -eu
DATA=${1:-../shared/data/clinical/skin-lesion}
OUT=${2:-skin-lesion.safetensors}
insitu() { cargo run --release --quiet -p insitu-cli -- "$@"; }

insitu train --data "$DATA" --out "$OUT" --long-side 112 --patch 112 --batch 8 --rotation 180 --scale 1.5 \
  --elastic 8 --shift 20 --contrast 1.5 --brightness 0.2 --gamma 1.6 --hairs 0.4 --steps 4000 --flips --average 0.998 --threshold 0.66 \
  --border-weight 0 --smallest-part 1 --central --half --folds 4 --judge 1 --every 250 --seed 1 --title 'Skin lesions' --class lesion \
  --summary 'A pigmented lesion of the skin in a dermoscopic photograph.' --licence 'CC0-1.0' \
  --attribution 'ISIC 2017, International Skin Imaging Collaboration (Codella et al. 2018, ISBI), CC0.'
