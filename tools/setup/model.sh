# The model that everything uses until a trained one is in the repository:
# EfficientNet-Lite0's published ImageNet weights, converted once. Part of
# tools/bootstrap.sh.

model_key() {
  key_of "$SETUP_DIR/convert_imagenet.py" "$SETUP_DIR/python_build.lock" </dev/null
}

make_model() {
  local key folder
  key="$(model_key)"
  folder="$(begin_part models/imagenet-lite0 "$key")"
  # A LibTorch of the user's own may be a Python package as well.
  PYTHONPATH="${Torch_DIR:+$(realpath -m "$Torch_DIR/../../../..")}" \
    "$DEPS_DIR/python/bin/python" "$SETUP_DIR/convert_imagenet.py" "$folder"
  end_part models/imagenet-lite0 "$key"
}
