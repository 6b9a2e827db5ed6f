#!/usr/bin/env python3
"""Writes what independent decoders make of the hard pictures.

usage: make_decode_golden.py HARD_IMAGES > tests/unit/image/decode_golden.json
needs: pillow 12 or newer (with AVIF), numpy, tifffile, imagecodecs

One row a file: the expected reason, or size (upright) and the mean colours of
an 8 x 8 grid over the picture composed on white, in sRGB, and the source of the
expectation:
  pillow     Pillow; ICC profiles applied by its ImageCms (perceptual)
  tifffile   tifffile's samples; their meaning (linear light, Lab, ink) spelled
             out in numpy below
  reference  the PNG that image-rs keeps beside its test pictures
  hand       worked out from the file by hand; "why" says how
Nothing here comes from Likeness itself.
"""

import io
import json
import os
import sys

import numpy as np
import tifffile
from hard_pictures import (
    CMYK_ALPHA,
    CORRUPT,
    ERRORS,
    LAB,
    LENIENT,
    LIMIT,
    LINEAR,
    NOT_A_PICTURE,
    PREFER_REFERENCE,
    UNSUPPORTED,
)
from PIL import Image, ImageCms, ImageOps

Image.MAX_IMAGE_PIXELS = None

MAX_PIXELS = 100_000_000  # DecodeLimits' defaults.
MAX_SIDE = 32_768
FOREIGN = (".exr", ".ff", ".hdr", ".ico", ".jp2", ".pbm", ".ppm", ".qoi",
           ".svg", ".tga")
LOSSY = {"JPEG", "WEBP", "AVIF", "HEIF", "MPO"}


def on_white(image):
    """8-bit RGB, composed on white; 16-bit grey scaled, not clipped."""
    if image.mode.startswith("I"):
        grey = np.asarray(image).astype(np.float64)
        return Image.fromarray(np.uint8(np.round(grey * 255 / 65535))).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB")


def to_srgb(image):
    """Pixels in sRGB by the embedded profile; None when there is none to use."""
    icc = image.info.get("icc_profile")
    if not icc:
        return None
    alpha = image.getchannel("A") if image.mode in ("RGBA", "LA") else None
    colours = image.convert(image.mode[:-1]) if alpha else image
    if colours.mode == "P":
        colours = colours.convert("RGB")
    try:
        converted = ImageCms.profileToProfile(
            colours, ImageCms.ImageCmsProfile(io.BytesIO(icc)),
            ImageCms.createProfile("sRGB"), ImageCms.Intent.PERCEPTUAL,
            outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return None  # Broken, or of another colour model: ignored.
    if alpha:
        converted.putalpha(alpha)
    return converted


def grid_of(image):
    """192 mean values, row by row, R G B, as hexadecimal."""
    pixels = np.asarray(image).astype(np.float64)
    height, width, _ = pixels.shape
    cells = []
    for row in range(8):
        top, bottom = row * height // 8, (row + 1) * height // 8
        for column in range(8):
            left, right = column * width // 8, (column + 1) * width // 8
            cell = pixels[top:max(bottom, top + 1), left:max(right, left + 1)]
            cells.append(np.floor(cell.mean(axis=(0, 1)) + 0.5))
    return bytes(np.uint8(np.array(cells)).ravel()).hex()


def picture_row(image, source, tolerance, why=None):
    row = {"width": image.width, "height": image.height,
           "tolerance": tolerance, "source": source}
    if why:
        row["why"] = why
    row["grid"] = grid_of(image)
    return row


def error_row(reason, source, why):
    return {"reason": reason, "source": source, "why": why}


def reference_of(root, path):
    prefix = "image-rs/images/"
    if not path.startswith(prefix):
        return None
    name = os.path.join(root, "image-rs/reference", path[len(prefix):] + ".png")
    return name if os.path.exists(name) else None


def to_image(samples):
    """Samples from 0 to 1 as a picture."""
    return Image.fromarray(np.uint8(np.round(np.clip(samples, 0, 1) * 255)))


def srgb_curve(linear):
    """IEC 61966-2-1."""
    linear = np.clip(linear, 0, 1)
    return np.where(linear <= 0.0031308, linear * 12.92,
                    1.055 * linear ** (1 / 2.4) - 0.055)


def from_linear(name):
    linear = tifffile.imread(name).astype(np.float64)
    return picture_row(to_image(srgb_curve(linear)), "tifffile", 2, "linear")


def from_lab(name):
    """CIE 1976 L*a*b* relative to white, 16 bits, a and b signed."""
    stored = tifffile.imread(name)
    light = stored[..., 0] / 65535 * 100
    signed = stored[..., 1:].astype(np.int16) / 256
    y = (light + 16) / 116
    f = np.stack([y + signed[..., 0] / 500, y, y - signed[..., 1] / 200], -1)
    xyz = np.where(f > 6 / 29, f ** 3, 3 * (6 / 29) ** 2 * (f - 4 / 29))
    xyz *= [0.95047, 1.0, 1.08883]  # D65, as sRGB's own white.
    matrix = np.array([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415],
                       [0.0557, -0.2040, 1.0570]])
    return picture_row(to_image(srgb_curve(xyz @ matrix.T)), "tifffile", 4, "Lab")


def from_cmyk_alpha(name):
    inks = tifffile.imread(name) / 255
    colours = (1 - inks[..., :3]) * (1 - inks[..., 3:4])
    opaque = inks[..., 4:]
    return picture_row(to_image(colours * opaque + 1 - opaque), "tifffile", 2,
                       "ideal inks, alpha")


def bmp_rows(name, width, height, sample):
    with open(name, "rb") as file:
        data = file.read()
    offset = int.from_bytes(data[10:14], "little")
    stride = (width * np.dtype(sample).itemsize + 3) // 4 * 4
    rows = np.frombuffer(data, np.uint8, stride * height, offset)
    rows = rows.reshape(height, stride)[::-1].copy()
    return data, rows.view(sample)[:, :width]


def from_oversize_palette(name):
    data, indices = bmp_rows(name, 127, 64, np.uint8)
    palette = np.frombuffer(data, np.uint8, 1024, 54).reshape(256, 4)
    return picture_row(Image.fromarray(palette[indices][..., 2::-1]), "hand", 2,
                       "the palette's first 256 of 300 entries")


def from_masks_880(name):
    _, pixels = bmp_rows(name, 127, 64, "<u2")
    blank = np.zeros_like(pixels)
    colours = np.stack([pixels >> 8, pixels & 255, blank], -1)
    return picture_row(Image.fromarray(colours.astype(np.uint8)), "hand", 2,
                       "masks ff00, 00ff and 0")


def from_overflowing_run(_):
    rows = [[(0, 0, 0), (0, 0, 0)], [(0, 0, 255), (255, 0, 0)]]
    return picture_row(Image.fromarray(np.array(rows, np.uint8)), "hand", 2,
                       "one row of three literals, cut at width 2")


SPECIAL = {
    LAB: from_lab,
    CMYK_ALPHA: from_cmyk_alpha,
    LENIENT + "pal8oversizepal.bmp": from_oversize_palette,
    LENIENT + "rgb16-880.bmp": from_masks_880,
    LENIENT + "rle_overflow.bmp": from_overflowing_run,
    **{path: from_linear for path in LINEAR},
}


def from_reference(root, path, why):
    image = on_white(Image.open(reference_of(root, path)))
    return picture_row(image, "reference", 2, why)


def from_pillow(name, path):
    image = Image.open(name)
    if image.width * image.height > MAX_PIXELS or max(image.size) > MAX_SIDE:
        return error_row(LIMIT, "pillow", "{} x {}".format(*image.size))
    form = image.format
    image.load()
    # HEIF's own transformations hold; EXIF must not turn the picture again.
    if form != "AVIF":
        image = ImageOps.exif_transpose(image)
    converted = to_srgb(image)
    if converted is None:
        tolerance = 3 if form in LOSSY or path.endswith("ycbcr_jpeg_8bit.tif") else 2
        return picture_row(on_white(image), "pillow", tolerance)
    return picture_row(on_white(converted), "pillow", 4, "ICC profile")


def row_of(root, path):
    name = os.path.join(root, path)
    if path in ERRORS:
        reason, why = ERRORS[path]
        return error_row(reason, "hand", why)
    if path.lower().endswith(FOREIGN):
        return foreign_row(name)
    if path in PREFER_REFERENCE:
        return from_reference(root, path, PREFER_REFERENCE[path])
    if path in SPECIAL:
        return SPECIAL[path](name)
    with open(name, "rb") as file:
        head = file.read(12)
    if path.lower().endswith(".png") and head[:8] != b"\x89PNG\r\n\x1a\n":
        return error_row(NOT_A_PICTURE, "hand", "the signature is damaged")
    try:
        return from_pillow(name, path)
    except Exception as error:  # noqa: BLE001 - Pillow raises what it likes.
        if reference_of(root, path):
            return from_reference(root, path, "Pillow can't read it")
        return error_row(CORRUPT, "pillow", str(error).split("'")[0].strip())


def foreign_row(name):
    """Formats that Likeness names and refuses. TGA has no signature: one whose
    header is impossible can't be told from any other bytes."""
    with open(name, "rb") as file:
        data = file.read()
    if name.endswith(".tga") and not possible_tga(data):
        return error_row(NOT_A_PICTURE, "hand", "no possible TGA header")
    if name.endswith(".ico") and data[:3] != b"\0\0\1":
        return error_row(NOT_A_PICTURE, "hand", "no icon signature")
    return error_row(UNSUPPORTED, "hand", "known, not decoded")


def possible_tga(data):
    if data.endswith(b"TRUEVISION-XFILE.\0"):
        return True
    colour_map, kind, depth = data[1], data[2], data[16]
    mapped = kind in (1, 9)
    return (kind in (1, 2, 3, 9, 10, 11) and colour_map <= 1
            and (colour_map == 1 or not mapped)
            and depth in (8, 15, 16, 24, 32)
            and data[12:14] != b"\0\0" and data[14:16] != b"\0\0"
            and data[17] & 0xC0 == 0)


def main():
    root = sys.argv[1]
    paths = sorted(
        os.path.relpath(os.path.join(folder, name), root)
        for folder, _, names in os.walk(root) for name in names)
    rows = [{"path": path, **row_of(root, path)} for path in paths]
    print("[")
    print(",\n".join(json.dumps(row) for row in rows))
    print("]")


if __name__ == "__main__":
    main()
