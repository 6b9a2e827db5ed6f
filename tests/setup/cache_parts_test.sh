#!/usr/bin/env bash
# A part of the cache counts as ready only when it was finished under the key
# that is asked for (tools/setup/parts.sh).
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../tools/setup/parts.sh"

DEPS_DIR="$(mktemp -d)"
trap 'rm -rf "$DEPS_DIR"' EXIT

expect() {
  local wanted="$1" got=yes
  shift
  "$@" || got=no
  if [[ "$got" != "$wanted" ]]; then
    echo "expected $wanted of: $*" >&2
    exit 1
  fi
}

expect no part_ready part one

folder="$(begin_part part one)"
echo first >"$folder/file"
expect no part_ready part one # Interrupted here.

folder="$(begin_part part one)"
expect no test -e "$folder/file" # Starts again from nothing.
echo first >"$folder/file"
end_part part one
expect yes part_ready part one
expect yes grep -q first "$DEPS_DIR/part/file"
expect no part_ready part two

folder="$(begin_part part two)"
expect yes part_ready part one # The old part serves until the new one is whole.
echo second >"$folder/file"
end_part part two
expect yes part_ready part two
expect yes grep -q second "$DEPS_DIR/part/file"
expect no test -e "$DEPS_DIR/part-one"

# A folder that was put there by hand gives way.
mkdir "$DEPS_DIR/other"
begin_part other key >/dev/null
end_part other key
expect yes part_ready other key

[[ "$(echo a | key_of)" != "$(echo b | key_of)" ]]
