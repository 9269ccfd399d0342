#!/bin/sh
# Makes models/retina-vessels.safetensors again, in three trainings. From the root of the repository:
#
#     sh models/recipes/retina-vessels.sh [DATA] [OUT]
#
# DATA is a folder with images/ and labels/, of the images that models/retina-vessels.md names; OUT is the model file to write. Started again
# with the same words it goes on where it stopped.
# The first two of the file that ships were done by a version whose CPU computed through LibTorch: the weights will differ a little.
set -eu
DATA=${1:-../shared/data/retina-vessels}
OUT=${2:-retina-vessels.safetensors}
insitu() { cargo run --release --quiet -p insitu-cli -- "$@"; }

FIRST="${OUT%.safetensors}-first.safetensors"
SECOND="${OUT%.safetensors}-second.safetensors"

insitu train --data "$DATA" --out "$FIRST" --preset small --batch 6 --patch 192 --channels 3 --labels binary \
  --field-of-view bright --val-fraction 0.2 --elastic 4 --scale 1.3 --validated 4 --flips --half --seed 1 \
  --steps 2400 --balanced-patches 0.5 --learning-rate 2e-3 --every 300 --title 'Retina vessels' --class vessel \
  --summary 'Blood vessels in colour photographs of the retina (fundus).' --licence 'CC BY 4.0' \
  --attribution 'CHASE_DB1, Kingston University and St George'\''s, University of London (Fraz et al. 2012, IEEE Transactions on Biomedical Engineering 59(9)), CC BY 4.0.'

insitu train --data "$DATA" --init "$FIRST" --out "$SECOND" --preset small --batch 6 --patch 192 --channels 3 \
  --labels binary --field-of-view bright --val-fraction 0.2 --elastic 4 --scale 1.3 --validated 4 --flips \
  --half --seed 1 --steps 700 --learning-rate 7e-4 --every 175 --threshold 0.65 --title 'Retina vessels' \
  --class vessel --summary 'Blood vessels in colour photographs of the retina (fundus).' --licence 'CC BY 4.0' \
  --attribution 'CHASE_DB1, Kingston University and St George'\''s, University of London (Fraz et al. 2012, IEEE Transactions on Biomedical Engineering 59(9)), CC BY 4.0.'

insitu train --data "$DATA" --init "$SECOND" --out "$OUT" --steps 1800 --batch 4 --patch 224 --labels binary \
  --field-of-view bright --folds 5 --judge 1 --rotation 45 --elastic 6 --scale 1.4 --contrast 1.5 --brightness 0.2 \
  --gamma 1.6 --learning-rate 1e-3 --average 0.998 --border-weight 0 --every 250 --flips --threshold 0.65 --half --seed 1 \
  --title 'Retina vessels' --class vessel --summary 'Blood vessels in colour photographs of the retina (fundus).' \
  --licence 'CC BY 4.0' \
  --attribution 'CHASE_DB1, Kingston University and St George'\''s, University of London (Fraz et al. 2012, IEEE Transactions on Biomedical Engineering 59(9)), CC BY 4.0.'
