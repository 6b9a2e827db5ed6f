"""What the tests of the `likeness` program share.

Their usage: NAME_test.py PROGRAM. They need NumPy and exit with 77 (skipped)
where it or the model is missing.
"""

import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

try:
    import numpy
except ImportError:
    print("skipped: this Python has no NumPy")
    sys.exit(77)

PROGRAM = sys.argv.pop(1)


def likeness(*arguments, env=None, stdin="", cwd=None):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("LIKENESS")}
    return subprocess.run([PROGRAM, *map(str, arguments)], input=stdin, cwd=cwd,
                          capture_output=True, text=True, timeout=300,
                          env={**clean, **(env or {})}, check=False)


def png(seed, side=96, brighter=0):
    """A patchwork of 8 x 8 coloured fields, as PNG, written by hand."""
    random = numpy.random.default_rng(seed)
    fields = random.integers(0, 256, (8, 8, 3), dtype=numpy.uint8)
    fields = numpy.minimum(fields, 255 - brighter) + numpy.uint8(brighter)
    pixels = fields.repeat(side // 8, 0).repeat(side // 8, 1)
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)

    def chunk(kind, data):
        body = kind + data
        return (struct.pack(">I", len(data)) + body
                + struct.pack(">I", zlib.crc32(body)))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class CliTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="likeness-cli-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.pictures = self.folder / "pictures"
        self.data = self.folder / "data"

    def make_pictures(self, count):
        self.pictures.mkdir(exist_ok=True)
        for i in range(count):
            (self.pictures / f"{i:04}.png").write_bytes(png(i))

    def run_json(self, *arguments, code=0, **keywords):
        result = likeness(*arguments, "--json", **keywords)
        self.assertEqual(result.returncode, code, result.stderr)
        return json.loads(result.stdout)

    def embed(self, *arguments, **keywords):
        return likeness("embed", *arguments, "--space", "similar", "--out",
                        self.folder / "v.npy", "--ids",
                        self.folder / "ids.txt", **keywords)


def main():
    if likeness("info").returncode == 3:
        print("skipped: the program has no default model")
        sys.exit(77)
    unittest.main()
