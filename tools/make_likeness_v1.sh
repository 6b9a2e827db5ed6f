#!/usr/bin/env bash
# Makes the model that ships, models/likeness-v1: trains it by its recipe (some
# minutes a hundred steps on two cores), fits its calibration on the classes that
# were set apart, and keeps in its card what `likeness evaluate` says of it there.
#
#   tools/make_likeness_v1.sh DATA [WORK]
#
# DATA holds grocery/ and clothing/; the stamps are those of the Debian package
# tuxpaint-stamps-default. WORK (default build/likeness-v1) keeps the training:
# interrupted, the same command goes on.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if (($# < 1)); then
  sed -n '2,10{s/^# \{0,1\}//;p}' "$0" >&2
  exit 2
fi
data="$1"
work="${2:-build/likeness-v1}"
likeness="build/release/bin/likeness"
frozen="build/release/share/likeness/models/imagenet-lite0"
bundle="$work/likeness-v1"
split="$work/likeness-v1.run/split-grocery.json"

mkdir -p "$work"
"$likeness" train --recipe recipes/likeness-v1.json --data "$data" \
  --start "$frozen" --out "$bundle"
"$likeness" calibrate --model "$bundle" --data "$data/grocery" \
  --split "$split"
"$likeness" evaluate --task retrieval --model "$bundle" \
  --data "$data/grocery" --split "$split" --record grocery-retrieval
"$likeness" evaluate --task verification --model "$bundle" \
  --data "$data/grocery" --split "$split" --record grocery-verification
"$likeness" evaluate --task copies --model "$bundle" \
  --data "$data/grocery" --split "$split" \
  --distractors "$data/clothing" "$data/near-duplicates" \
  /usr/share/tuxpaint/stamps --originals 100 --record grocery-copies

mkdir -p models/likeness-v1
cp "$bundle/card.json" "$bundle/weights.safetensors" models/likeness-v1/
du -sh models/likeness-v1
