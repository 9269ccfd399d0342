#!/bin/sh
# Makes models/em-membrane.safetensors again. From the root of the repository:
#
#     sh models/recipes/em-membrane.sh [DATA] [OUT]
#
# DATA is a folder with images/ and labels/, of the images that models/em-membrane.md names; OUT is the model file to write. Started again
# with the same words it goes on where it stopped.
set -eu
DATA=${1:-../shared/data/em-membrane}
OUT=${2:-em-membrane.safetensors}
insitu() { cargo run --release --quiet -p insitu-cli -- "$@"; }

insitu train --data "$DATA" --out "$OUT" --preset small --steps 1800 --batch 4 --patch 192 --channels 1 \
  --labels binary --elastic 4 --scale 1.1 --dice 0 --learning-rate 2e-3 --every 200 --flips --half --folds 5 --judge 1 \
  --pixel-size-mm 4e-6 --seed 1 --title 'EM membranes' --class membrane \
  --summary 'Cell membranes in serial-section transmission electron microscopy of nerve tissue, about 4 nm a pixel.' \
  --licence 'Research and teaching' \
  --attribution 'ISBI 2012 EM segmentation challenge, Drosophila first instar larva ventral nerve cord. Cite Cardona et al. 2010 (PLoS Biology 8(10)) and Arganda-Carreras et al. 2015 (Frontiers in Neuroanatomy 9:142).'
