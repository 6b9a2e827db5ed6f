#!/usr/bin/env bash
# `cmake --install` gives a tree that runs from its prefix: nothing in it needs
# the cache or the build tree, and it finds its own model.
#
#   install_test.sh CMAKE BUILD_FOLDER
set -euo pipefail
cmake="$1"
build="$2"
prefix="$(mktemp -d)"
trap 'rm -rf "$prefix"' EXIT

"$cmake" --install "$build" --prefix "$prefix" >/dev/null
program="$prefix/bin/likeness"

# Away from their own places, should anything still look there.
if unshare --mount true 2>/dev/null; then
  hidden=(unshare --mount bash -c '
    mount -t tmpfs none "$1" && mount -t tmpfs none "$2" && shift 2 && "$@"'
    hidden "$LIKENESS_DEPS_DIR" "$build")
else
  echo "no right to hide the cache from the program; only its libraries are checked"
  hidden=()
fi

"${hidden[@]}" "$program" --version
own=("$program" "$prefix"/lib*/likeness/liblikeness*.so)
((${#own[@]} == 3))
libraries="$("${hidden[@]}" ldd "${own[@]}")"
if grep -E "not found|$LIKENESS_DEPS_DIR|$build" <<<"$libraries"; then
  echo "libraries outside the prefix or missing"
  exit 1
fi
"${hidden[@]}" "$program" info --model "$prefix/share/likeness/models/default"
# A network, and so LibTorch.
"${hidden[@]}" "$program" bench embed --workers 1 --seconds 0.01
test -s "$prefix/share/likeness/proto/likeness/v1/types.proto"
test -s "$prefix/share/doc/Likeness/LICENSE"
