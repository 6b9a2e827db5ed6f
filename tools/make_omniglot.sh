#!/usr/bin/env bash
# Makes models/omniglot, the small network for handwritten characters: trains it
# by its recipe (about ten minutes on one core) and keeps in its card what
# `likeness evaluate` says of it on the alphabet that was set apart.
#
#   tools/make_omniglot.sh DATA [WORK]
#
# DATA holds omniglot/. WORK (default build/omniglot) keeps the training:
# interrupted, the same command goes on.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if (($# < 1)); then
  sed -n '2,9{s/^# \{0,1\}//;p}' "$0" >&2
  exit 2
fi
data="$1"
work="${2:-build/omniglot}"
likeness="build/release/bin/likeness"
bundle="$work/omniglot"
judged=(--model "$bundle" --data "$data/omniglot"
  --split "$bundle.run/split-omniglot.json")

mkdir -p "$work"
"$likeness" train --recipe recipes/omniglot-conv4.json --data "$data" \
  --out "$bundle"
"$likeness" evaluate --task one-shot --ways 20 --two-drawers "${judged[@]}" \
  --record one-shot-20-way
"$likeness" evaluate --task verification "${judged[@]}" --record verification

mkdir -p models/omniglot
cp "$bundle/card.json" "$bundle/weights.safetensors" models/omniglot/
du -sh models/omniglot
