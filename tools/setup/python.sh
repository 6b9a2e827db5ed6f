# The Python environment: LibTorch comes as a Python package, and the converter
# of the ImageNet model and some tests are Python. Part of tools/bootstrap.sh.

# Our own LibTorch is left out when the user names another.
python_key() {
  echo "torch=${Torch_DIR:+given}" | key_of "$SETUP_DIR/python_build.lock" \
    "$SETUP_DIR/python.sh"
}

# The pinned files are those of Python 3.11, Debian 12's own.
find_python() {
  local python
  for python in "${LIKENESS_PYTHON:-}" /usr/bin/python3 python3.11 python3; do
    [[ -n "$python" ]] || continue
    if "$python" -c 'import sys, venv; sys.exit(sys.version_info[:2] != (3, 11))' \
      2>/dev/null; then
      echo "$python"
      return 0
    fi
  done
  if [[ -n "${Torch_DIR:-}" ]]; then
    echo /usr/bin/python3  # Only LibTorch's file depends on the version.
    return 0
  fi
  hint "LibTorch's pinned package is for Python 3.11, and none was found." \
    "Name one with LIKENESS_PYTHON=/path/to/python3.11, or give a LibTorch:" \
    "Torch_DIR=/path/to/libtorch/share/cmake/Torch"
  return 1
}

make_python() {
  local python folder index=()
  python="$(find_python)"
  folder="$(begin_part python "$(python_key)")"
  "$python" -m venv "$folder"
  # Nothing under the lock may come from anywhere unpinned, so an extra index
  # cannot slip another file in.
  if [[ -n "${LIKENESS_TORCH_INDEX:-}" ]]; then
    index=(--extra-index-url "$LIKENESS_TORCH_INDEX")
  fi
  if [[ -n "${Torch_DIR:-}" ]]; then
    awk '/^[^ ]/ { skip = /^torch==/ } !skip' "$SETUP_DIR/python_build.lock" \
      >"$folder/requirements.txt"
  else
    cp "$SETUP_DIR/python_build.lock" "$folder/requirements.txt"
  fi
  if ! "$folder/bin/python" -m pip install --require-hashes --no-deps \
    "${index[@]}" -r "$folder/requirements.txt"; then
    explain_pip_failure
    return 1
  fi
  end_part python "$(python_key)"
}

explain_pip_failure() {
  if tail -n 20 "$LOG" | grep -q 'No matching distribution found for torch'; then
    hint "pip found no CPU build of LibTorch ($(grep -o '^torch==[^ ]*' \
      "$SETUP_DIR/python_build.lock"))." \
      "Set LIKENESS_TORCH_INDEX to the CPU index named on PyTorch's install" \
      "page, or give a LibTorch of your own:" \
      "Torch_DIR=/path/to/libtorch/share/cmake/Torch"
  fi
}

test_stamp() {
  echo "$DEPS_DIR/python/.test-$(key_of "$SETUP_DIR/python_test.lock" </dev/null)"
}

wants_test_packages() {
  [[ " $* " == *" test "* || " $* " == *" lint "* ]]
}

test_packages_ready() {
  [[ -e "$(test_stamp)" ]]
}

add_test_packages() {
  "$DEPS_DIR/python/bin/python" -m pip install --require-hashes --no-deps \
    -r "$SETUP_DIR/python_test.lock"
  touch "$(test_stamp)"
}
