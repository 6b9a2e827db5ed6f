#!/usr/bin/env bash
# Puts everything in place that building, the demo, the tests or lint need:
# Debian packages, a Python environment with LibTorch, FAISS, the ImageNet
# model. Safe to run again, from several clones at once, and after an
# interruption; returns at once when nothing is missing.
#
#   tools/bootstrap.sh [--check] [build|demo|test|lint]...   (default: build)
#
# --check installs nothing: it says what is missing and exits with 3.
#
# Exit status: 0 ready; 1 a step failed (the log is named); 2 wrong usage;
# 3 packages are missing and this user may not install them (or --check).
#
# Environment:
#   LIKENESS_DEPS_DIR     the cache; default ${XDG_CACHE_HOME:-~/.cache}/likeness
#   LIKENESS_TORCH_INDEX  an extra package index that has the CPU build of torch
#   LIKENESS_PYTHON       the Python 3.11 to use; default: the first one found
#   LIKENESS_FAISS_OPT_LEVEL  avx2 or generic; default: what this CPU can do
#   Torch_DIR, faiss_DIR  use this LibTorch or FAISS instead of our own
set -euo pipefail

readonly SETUP_DIR="$(cd "$(dirname "${BASH_SOURCE[0]}")/setup" && pwd)"
readonly DEPS_DIR="${LIKENESS_DEPS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/likeness}"
readonly LOG="$DEPS_DIR/bootstrap.log"

. "$SETUP_DIR/parts.sh"
. "$SETUP_DIR/debian.sh"
. "$SETUP_DIR/python.sh"
. "$SETUP_DIR/faiss.sh"
. "$SETUP_DIR/model.sh"

usage() {
  sed -n '2,/^set /{s/^# \{0,1\}//;/^set /d;p}' "${BASH_SOURCE[0]}"
}

main() {
  local check=no
  local -a sections=()
  local argument
  for argument in "$@"; do
    case "$argument" in
      --check) check=yes ;;
      -h | --help) usage; return 0 ;;
      build | demo | test | lint) sections+=("$argument") ;;
      *) say "unknown argument \"$argument\"; try --help"; return 2 ;;
    esac
  done
  sections+=(build)

  local -a missing=()
  find_missing "${sections[@]}"
  if ((${#missing[@]} == 0)); then
    return 0
  fi
  if [[ "$check" == yes ]]; then
    say "missing: ${missing[*]}"
    return 3
  fi

  mkdir -p "$DEPS_DIR"
  exec {lock}>"$DEPS_DIR/.lock"
  if ! flock --nonblock "$lock"; then
    say "waiting for another run to finish"
    flock "$lock"
  fi
  # The other run may have done all of it.
  find_missing "${sections[@]}"
  if ((${#missing[@]} == 0)); then
    return 0
  fi

  say "setting up in $DEPS_DIR (log: $LOG)"
  date -u '+--- %F %T UTC' >>"$LOG"
  local started=$SECONDS part
  for part in "${missing[@]}"; do
    case "$part" in
      packages:*) step "Debian packages" install_packages "${sections[@]}" ;;
      python) step "LibTorch and Python packages" make_python ;;
      python-test) step "Python packages for tests" add_test_packages ;;
      faiss) step "FAISS ($(faiss_opt_level))" build_faiss ;;
      model) step "ImageNet model" make_model ;;
    esac
  done
  say "ready after $((SECONDS - started)) s"
}

# Fills `missing` of the caller with the parts that have to be made, in order.
find_missing() {
  missing=()
  local packages
  packages="$(missing_packages "$@")"
  if [[ -n "$packages" ]]; then
    missing+=("packages:${packages// /,}")
  fi
  part_ready python "$(python_key)" || missing+=(python)
  if wants_test_packages "$@" && ! test_packages_ready; then
    missing+=(python-test)
  fi
  if [[ -z "${faiss_DIR:-}" ]]; then
    part_ready faiss "$(faiss_key)" || missing+=(faiss)
  fi
  part_ready models/imagenet-lite0 "$(model_key)" || missing+=(model)
}

main "$@"
