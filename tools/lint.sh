#!/usr/bin/env bash
# Format, house rules, scripts, clang-tidy with clang's thread-safety analysis.
# Everything is run even when an early part fails.
#
#   tools/lint.sh                 checks
#   tools/lint.sh --fix-format    rewrites the C++ and Python sources instead
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly DEPS_DIR="${LIKENESS_DEPS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/likeness}"
readonly RUFF="$DEPS_DIR/python/bin/ruff"

files() {
  git ls-files --cached --others --exclude-standard -- "$@"
}

format() {
  files '*.cc' '*.h' | xargs clang-format-19 "$@"
}

scripts() {
  local script status=0
  while IFS= read -r script; do
    bash -n "$script" || status=1
  done < <(files '*.sh' .ci/run)
  files '*.py' | xargs "$RUFF" check --quiet --no-cache || status=1
  return "$status"
}

tidy() {
  # The generated headers must be there; nothing is compiled.
  tools/build.sh lint likeness_api_proto_generated likeness_storage_proto_generated || return
  "$DEPS_DIR/python/bin/python" tools/lint/tidy.py build/lint "$DEPS_DIR/lint"
}

failed=()
part() {
  local started=$SECONDS name="$1"
  shift
  "$@" || failed+=("$name")
  echo "lint: $name, $((SECONDS - started)) s" >&2
}

case "${1:-}" in
  --fix-format)
    format -i
    ;;
  "")
    part format format --dry-run --Werror
    part "house rules" "$DEPS_DIR/python/bin/python" tools/lint/house_rules.py
    part scripts scripts
    part clang-tidy tidy
    ;;
  *)
    sed -n '2,7{s/^# \{0,1\}//;p}' "$0" >&2
    exit 2
    ;;
esac

if ((${#failed[@]} > 0)); then
  echo "lint: failed: ${failed[*]}" >&2
  exit 1
fi
