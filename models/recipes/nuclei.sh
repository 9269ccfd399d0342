#!/bin/sh
# Makes models/nuclei.safetensors again, in four trainings. From the root of the repository:
#
#     sh models/recipes/nuclei.sh [DATA] [OUT]
#
# DATA is a folder with images/ and labels/, of the images that models/nuclei.md names; OUT is the model file to write. Started again
# with the same words it goes on where it stopped.
# The first two of the file that ships were done by a version whose CPU computed through LibTorch: the weights will differ a little.
set -eu
DATA=${1:-../shared/data/nuclei}
OUT=${2:-nuclei.safetensors}
insitu() { cargo run --release --quiet -p insitu-cli -- "$@"; }

FIRST="${OUT%.safetensors}-first.safetensors"
SECOND="${OUT%.safetensors}-second.safetensors"
THIRD="${OUT%.safetensors}-third.safetensors"

insitu train --data "$DATA" --out "$FIRST" --preset small --steps 6000 --batch 6 --patch 192 --channels 3 \
  --labels objects --separate boundary --border-weight 4 --val-fraction 0.1 --elastic 6 --scale 1.35 \
  --learning-rate 2e-3 --every 600 --validated 60 --flips --half --seed 1 --title 'Nuclei' --class nucleus \
  --summary 'Cell nuclei in fluorescence, bright field and stained tissue, grey or colour; tells touching nuclei apart.' \
  --licence 'CC0-1.0' \
  --attribution 'Data Science Bowl 2018 stage 1, BBBC038v1 (Caicedo et al. 2019, Nature Methods 16:1247), CC0, with the public corrections of its labels.'

insitu train --data "$DATA" --init "$FIRST" --out "$SECOND" --steps 800 --batch 6 --patch 192 --labels objects \
  --separate boundary --border-weight 10 --val-fraction 0.1 --elastic 4 --scale 1.25 --learning-rate 6e-4 \
  --every 400 --validated 60 --flips --threshold 0.55 --half --seed 1 --title 'Nuclei' --class nucleus \
  --summary 'Cell nuclei in fluorescence, bright field and stained tissue, grey or colour; tells touching nuclei apart.' \
  --licence 'CC0-1.0' \
  --attribution 'Data Science Bowl 2018 stage 1, BBBC038v1 (Caicedo et al. 2019, Nature Methods 16:1247), CC0, with the public corrections of its labels.'

insitu train --data "$DATA" --init "$SECOND" --out "$THIRD" --steps 3000 --batch 6 --patch 192 --labels objects \
  --separate boundary --border-weight 6 --test-fraction 0.1 --val-fraction 0 --elastic 6 --scale 1.6 --rotation 45 \
  --stain 0.2 --learning-rate 1e-3 --average 0.998 --every 250 --flips --threshold 0.55 --peak 0.9 --half --seed 1 \
  --title 'Nuclei' --class nucleus \
  --summary 'Cell nuclei in fluorescence, bright field and stained tissue, grey or colour; tells touching nuclei apart.' \
  --licence 'CC0-1.0' \
  --attribution 'Data Science Bowl 2018 stage 1, BBBC038v1 (Caicedo et al. 2019, Nature Methods 16:1247), CC0, with the public corrections of its labels.'

insitu train --data "$DATA" --init "$THIRD" --out "$OUT" --steps 1500 --batch 6 --patch 192 --labels objects \
  --separate boundary --rim 3 --border-weight 6 --test-fraction 0.1 --val-fraction 0 --elastic 6 --scale 1.6 --rotation 45 \
  --stain 0.2 --learning-rate 1e-3 --average 0.998 --every 250 --flips --threshold 0.55 --peak 0.9 --valley 0.5 --half --seed 1 \
  --title 'Nuclei' --class nucleus \
  --summary 'Cell nuclei in fluorescence, bright field and stained tissue, grey or colour; tells touching nuclei apart.' \
  --licence 'CC0-1.0' \
  --attribution 'Data Science Bowl 2018 stage 1, BBBC038v1 (Caicedo et al. 2019, Nature Methods 16:1247), CC0, with the public corrections of its labels.'
