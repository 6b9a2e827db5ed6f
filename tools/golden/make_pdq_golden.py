#!/usr/bin/env python3
"""Writes what the reference implementation hashes pictures to.

usage: make_pdq_golden.py NEAR_DUPLICATES/pdq > tests/unit/image/pdq_golden.json
needs: pillow, numpy, pdqhash (bindings of the publishers' C++ code)

Pictures are composed on white and turned upright, without ICC conversion.
"""

import json
import os
import sys

import numpy as np
import pdqhash
from PIL import Image, ImageOps


def load(name):
    image = ImageOps.exif_transpose(Image.open(name))
    if image.mode in ("RGBA", "LA", "PA", "P"):
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return np.asarray(image.convert("RGB"))


def main():
    root = sys.argv[1]
    rows = []
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            bits, quality = pdqhash.compute(load(path))
            rows.append({"path": os.path.relpath(path, root),
                         "hash": np.packbits(bits.astype(bool)).tobytes().hex(),
                         "quality": int(quality)})
    rows.sort(key=lambda row: row["path"])
    print("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]")


if __name__ == "__main__":
    main()
