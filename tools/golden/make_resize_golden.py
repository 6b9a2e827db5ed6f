#!/usr/bin/env python3
"""Writes what Pillow's bicubic resize makes of a synthetic picture.

usage: make_resize_golden.py > tests/unit/image/resize_golden.json
needs: pillow, numpy

The picture has the value (x * x * 7 + y * 13 + c * 50 + x * y) % 256 at column
x, row y, channel c: all frequencies, nothing smooth. Each channel is resized as
floats: on bytes Pillow rounds and clips between its two passes, which no filter
asks for.
"""

import json

import numpy as np
from PIL import Image

CASES = ((61, 47, 16, 16), (61, 47, 30, 47), (61, 47, 7, 90), (20, 10, 33, 25),
         (200, 3, 11, 5), (5, 5, 1, 1))


def picture(width, height):
    y, x, c = np.mgrid[0:height, 0:width, 0:3]
    return (x * x * 7 + y * 13 + c * 50 + x * y) % 256


def resize(values, size):
    channels = [Image.fromarray(values[:, :, c].astype(np.float32), mode="F")
                .resize(size, Image.Resampling.BICUBIC) for c in range(3)]
    levels = np.stack([np.asarray(channel) for channel in channels], axis=-1)
    return np.clip(np.floor(levels + 0.5), 0, 255).astype(np.uint8)


def main():
    rows = []
    for width, height, to_width, to_height in CASES:
        resized = resize(picture(width, height), (to_width, to_height))
        rows.append({"from": [width, height], "to": [to_width, to_height],
                     "rgb": resized.tobytes().hex()})
    print("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]")


if __name__ == "__main__":
    main()
