#!/bin/sh
# Makes models/cells-phase.safetensors again, in two trainings. From the root of the repository:
#
#     sh models/recipes/cells-phase.sh [DATA] [OUT]
#
# DATA is a folder with images/ and labels/, of the images that models/cells-phase.md names; OUT is the model file to write. Started again
# with the same words it goes on where it stopped.
# The file that ships was trained with these options by a version whose CPU computed through LibTorch: the weights will differ a little.
set -eu
DATA=${1:-../shared/data/cells-phase}
OUT=${2:-cells-phase.safetensors}
insitu() { cargo run --release --quiet -p insitu-cli -- "$@"; }

FIRST="${OUT%.safetensors}-first.safetensors"

insitu train --data "$DATA" --out "$FIRST" --preset small --steps 1600 --batch 6 --patch 192 --channels 1 \
  --labels objects --separate boundary --border-weight 4 --val-fraction 0.2 --elastic 6 --scale 1.35 \
  --learning-rate 2e-3 --every 200 --validated 6 --flips --half --seed 1 --title 'Cells, phase contrast' \
  --class cell --summary 'Adherent cells in phase contrast; tells touching cells apart.' --licence 'MIT' \
  --attribution 'Usiigaci, T98G glioblastoma cells in phase contrast (Tsai et al. 2019, SoftwareX 9:230, Okinawa Institute of Science and Technology), MIT.'

insitu train --data "$DATA" --init "$FIRST" --out "$OUT" --preset small --steps 1500 --batch 4 --patch 256 \
  --channels 1 --labels objects --separate boundary --border-weight 4 --val-fraction 0.2 --elastic 6 \
  --scale 1.35 --learning-rate 1.5e-3 --every 250 --validated 6 --flips --threshold 0.58 --peak 0.9 --valley 0.5 --half --seed 1 \
  --title 'Cells, phase contrast' --class cell \
  --summary 'Adherent cells in phase contrast; tells touching cells apart.' --licence 'MIT' \
  --attribution 'Usiigaci, T98G glioblastoma cells in phase contrast (Tsai et al. 2019, SoftwareX 9:230, Okinawa Institute of Science and Technology), MIT.'
