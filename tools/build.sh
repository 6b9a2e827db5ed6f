#!/usr/bin/env bash
# Configures and builds one preset, with little to say when all goes well.
#
#   tools/build.sh PRESET [TARGET]...
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if (($# < 1)); then
  sed -n '2,4{s/^# \{0,1\}//;p}' "$0" >&2
  exit 2
fi
preset="$1"
shift
targets=("${@:-all}")
started=$SECONDS

cmake --preset "$preset" >/dev/null
# Ninja redraws one line on a terminal; elsewhere only failures are worth lines.
quiet=()
[[ -t 1 ]] || quiet=(-- --quiet)
cmake --build --preset "$preset" --target "${targets[@]}" "${quiet[@]}"
echo "build: $preset (${targets[*]}) in $((SECONDS - started)) s" >&2
