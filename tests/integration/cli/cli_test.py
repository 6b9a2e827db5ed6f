"""The commands of `likeness`, run as a user runs them.

Usage: cli_test.py PROGRAM. Needs NumPy; exits with 77 (skipped) where it or the
model is missing.
"""

import json
import os
import pathlib
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import zlib

try:
    import numpy
except ImportError:
    print("skipped: this Python has no NumPy")
    sys.exit(77)

PROGRAM = sys.argv.pop(1)
COMMANDS = ["index", "search", "compare", "embed", "info", "serve", "showcase",
            "bench"]


def likeness(*arguments, env=None, stdin="", cwd=None):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("LIKENESS")}
    return subprocess.run([PROGRAM, *map(str, arguments)], input=stdin, cwd=cwd,
                          capture_output=True, text=True, timeout=300,
                          env={**clean, **(env or {})}, check=False)


def png(seed, side=96):
    """A patchwork of 8 x 8 coloured fields, as PNG, written by hand."""
    random = numpy.random.default_rng(seed)
    fields = random.integers(0, 256, (8, 8, 3), dtype=numpy.uint8)
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

    # Help, versions, usage.

    def test_every_command_has_help_with_examples(self):
        listing = likeness("--help")
        self.assertEqual(listing.returncode, 0)
        for text in [*COMMANDS, "Exit codes", "LIKENESS_DATA", "130"]:
            self.assertIn(text, listing.stdout)
        for command in COMMANDS:
            result = likeness(command, "--help")
            self.assertEqual(result.returncode, 0, command)
            self.assertIn("likeness " + command, result.stdout)

    def test_version_names_the_libraries(self):
        result = likeness("--version")
        self.assertEqual(result.returncode, 0)
        for library in ["likeness 0", "LibTorch ", "FAISS ", "RocksDB ",
                        "gRPC "]:
            self.assertRegex(result.stdout, library + r"\.?\d")

    def test_a_wrong_flag_is_named_with_the_right_one(self):
        result = likeness("search", "x.jpg", "--spcae", "copy")
        self.assertEqual(result.returncode, 2)
        self.assertIn("--space", result.stderr)
        self.assertEqual(result.stdout, "")

    def test_a_wrong_command_is_named_with_the_right_one(self):
        result = likeness("serach")
        self.assertEqual(result.returncode, 2)
        self.assertIn("search", result.stderr)

    def test_no_command_and_no_target_are_usage_errors(self):
        self.assertEqual(likeness().returncode, 2)
        result = likeness("search", "x.jpg")
        self.assertEqual(result.returncode, 2)
        self.assertIn("--data", result.stderr)

    def test_values_out_of_range_are_usage_errors(self):
        for flags in [("-k", "0"), ("-k", "1001"), ("--min-similarity", "2"),
                      ("--space", "sideways")]:
            result = likeness("search", "x.jpg", "--data", self.data, *flags)
            self.assertEqual(result.returncode, 2, flags)

    # Index and search.

    def test_a_picture_that_was_indexed_finds_itself(self):
        self.make_pictures(6)
        ledger = self.run_json("index", self.pictures, "--data", self.data)
        self.assertEqual(ledger["indexed"], 6)
        for space in ["similar", "copy"]:
            answer = self.run_json("search", self.pictures / "0003.png",
                                   "--data", self.data, "-k", 3, "--space",
                                   space)
            self.assertEqual(len(answer["hits"]), 3)
            self.assertTrue(answer["exact"])
            first = answer["hits"][0]
            self.assertEqual(first["id"], str(self.pictures / "0003.png"))
            self.assertAlmostEqual(first["similarity"], 1, places=4)
            self.assertLess(first["distance"], 0.02)

    def test_an_item_is_left_out_of_its_own_answer(self):
        self.make_pictures(4)
        self.run_json("index", self.pictures, "--data", self.data,
                      "--relative-to", self.pictures)
        answer = self.run_json("search", "--item", "0001.png", "--data",
                               self.data)
        self.assertEqual(sorted(hit["id"] for hit in answer["hits"]),
                         ["0000.png", "0002.png", "0003.png"])
        result = likeness("search", "--item", "nobody", "--data", self.data)
        self.assertEqual(result.returncode, 3)

    def test_a_folder_with_broken_pictures_adds_up(self):
        self.make_pictures(3)
        (self.pictures / "text.jpg").write_text("no picture")
        (self.pictures / "empty.png").write_bytes(b"")
        (self.pictures / "torn.png").write_bytes(png(1)[:150])
        os.link(self.pictures / "0000.png", self.pictures / "same.png")
        (self.pictures / "broken").symlink_to("nowhere")
        ledger = self.run_json("index", self.pictures, "--data", self.data,
                               code=1)
        self.assertEqual(
            [ledger[key] for key in
             ["read", "indexed", "unchanged", "rejected", "failed",
              "repeated"]],
            [7, 3, 0, 3, 1, 1])
        self.assertEqual(sum(ledger["rejected_by_reason"].values()), 3)
        self.assertEqual(len(ledger["troubles"]), 4)
        (self.pictures / "broken").unlink()
        again = self.run_json("index", self.pictures, "--data", self.data)
        self.assertEqual(again["unchanged"], 3)

    def test_a_missing_file_or_directory_is_not_found(self):
        self.make_pictures(1)
        self.run_json("index", self.pictures, "--data", self.data)
        missing = likeness("search", "missing.jpg", "--data", self.data)
        self.assertEqual(missing.returncode, 3)
        self.assertIn("missing.jpg", missing.stderr)
        other = likeness("search", self.pictures / "0000.png", "--data",
                         self.data, "--collection", "other")
        self.assertEqual(other.returncode, 3)
        self.assertIn("pictures", other.stderr)

    def test_a_file_that_is_no_picture_is_said_to_be_none(self):
        self.make_pictures(1)
        text = self.folder / "text.jpg"
        text.write_text("no picture")
        for arguments in [("compare", text, self.pictures / "0000.png"),
                          ("compare", self.pictures / "0000.png", text)]:
            result = likeness(*arguments)
            self.assertEqual(result.returncode, 4, result.stderr)
            self.assertEqual(result.stdout, "")

    def test_an_interrupted_index_goes_on(self):
        self.interrupt(signal.SIGINT)

    def test_a_killed_index_goes_on(self):
        self.interrupt(signal.SIGKILL)

    def interrupt(self, number):
        self.make_pictures(300)
        process = subprocess.Popen(
            [PROGRAM, "index", self.pictures, "--data", self.data, "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        # Something was written: there is a log of RocksDB that is not empty.
        while process.poll() is None and not any(
                log.stat().st_size > 0 for log in self.data.glob("db/*.log")):
            time.sleep(0.01)
        process.send_signal(number)
        out, _ = process.communicate(timeout=120)
        done = 0
        if number == signal.SIGINT and process.returncode != 0:
            self.assertEqual(process.returncode, 130)
            ledger = json.loads(out)
            self.assertTrue(ledger["interrupted"])
            self.assertEqual(ledger["failed"], 0)
            done = ledger["indexed"]
        rest = self.run_json("index", self.pictures, "--data", self.data)
        self.assertEqual(rest["unchanged"] + rest["indexed"], 300)
        self.assertGreaterEqual(rest["unchanged"], done)

    # Compare.

    def test_compare_knows_the_same_picture_from_another(self):
        self.make_pictures(2)
        a, b = self.pictures / "0000.png", self.pictures / "0001.png"
        same = self.run_json("compare", a, a)
        other = self.run_json("compare", a, b)
        self.assertTrue(same["identical_bytes"])
        self.assertEqual(same["pdq_distance"], 0)
        self.assertFalse(other["identical_bytes"])
        for space in ["similar", "copy"]:
            self.assertAlmostEqual(same["spaces"][space]["cosine"], 1, places=4)
            self.assertLess(other["spaces"][space]["cosine"], 1)
            self.assertGreater(other["spaces"][space]["euclidean"], 0)

    # Embed.

    def embed(self, *arguments, **keywords):
        result = likeness("embed", *arguments, "--space", "similar", "--out",
                          self.folder / "v.npy", "--ids",
                          self.folder / "ids.txt", **keywords)
        return result

    def test_embed_writes_what_numpy_reads(self):
        self.make_pictures(5)
        (self.pictures / "0002.png").write_text("no picture")
        given = ["pictures/0004.png", "./pictures/0000.png", "pictures"]
        result = self.embed(*given, cwd=self.folder)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("0002.png", result.stderr)
        vectors = numpy.load(self.folder / "v.npy")
        ids = (self.folder / "ids.txt").read_text().splitlines()
        self.assertEqual(ids, ["pictures/0004.png", "./pictures/0000.png",
                               "pictures/0000.png", "pictures/0001.png",
                               "pictures/0003.png", "pictures/0004.png"])
        self.assertEqual(vectors.dtype, numpy.float32)
        self.assertEqual(vectors.shape[0], 6)
        numpy.testing.assert_allclose(numpy.linalg.norm(vectors, axis=1), 1,
                                      atol=1e-4)
        numpy.testing.assert_array_equal(vectors[0], vectors[5])
        numpy.testing.assert_array_equal(vectors[1], vectors[2])

    def test_embed_reads_a_list_and_reports_what_is_missing(self):
        self.make_pictures(3)
        lines = "pictures/0001.png\nmissing.png\npictures/0000.png\n"
        result = self.embed("--files-from", "-", stdin=lines, cwd=self.folder)
        self.assertEqual(result.returncode, 1)
        self.assertIn("missing.png", result.stderr)
        self.assertEqual((self.folder / "ids.txt").read_text(),
                         "pictures/0001.png\npictures/0000.png\n")
        self.assertEqual(numpy.load(self.folder / "v.npy").shape[0], 2)

    def test_embed_of_nothing_good_is_an_empty_matrix(self):
        self.make_pictures(1)
        (self.pictures / "0000.png").write_text("no picture")
        result = self.embed(self.pictures)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(numpy.load(self.folder / "v.npy").shape[0], 0)
        self.assertEqual((self.folder / "ids.txt").read_text(), "")

    # Settings and info.

    def test_settings_come_from_flag_environment_and_file(self):
        self.make_pictures(1)
        self.run_json("index", self.pictures, "--data", self.data,
                      "--collection", "mine")
        config = self.folder / "likeness.toml"
        config.write_text('collection = "mine"\ndata = "%s"\n' % self.data)
        picture = self.pictures / "0000.png"
        self.run_json("search", picture, "--config", config)
        self.run_json("search", picture, env={"LIKENESS_CONFIG": str(config)})
        self.run_json("search", picture, "--config", config, code=3,
                      env={"LIKENESS_COLLECTION": "other"})
        self.run_json("search", picture, "--config", config, "--collection",
                      "mine", env={"LIKENESS_COLLECTION": "other"})
        config.write_text('colection = "mine"\n')
        wrong = likeness("search", picture, "--config", config)
        self.assertEqual(wrong.returncode, 2)
        self.assertIn('"collection"', wrong.stderr)

    def test_info_tells_what_is_there(self):
        self.make_pictures(2)
        self.run_json("index", self.pictures, "--data", self.data)
        info = self.run_json("info", "--data", self.data)
        self.assertEqual(info["collections"][0]["name"], "pictures")
        self.assertEqual(info["collections"][0]["items"], 2)
        self.assertEqual(info["collections"][0]["model_id"],
                         info["model"]["id"])

    def test_no_server_is_unavailable(self):
        result = likeness("info", "--server", "127.0.0.1:1")
        self.assertEqual(result.returncode, 5)
        self.assertIn("127.0.0.1:1", result.stderr)

    def test_a_model_that_is_not_there_is_named(self):
        self.make_pictures(1)
        result = self.embed(self.pictures, "--model", "/nowhere")
        self.assertEqual(result.returncode, 3)
        self.assertIn("/nowhere", result.stderr)


if __name__ == "__main__":
    if likeness("info").returncode == 3:
        print("skipped: the program has no default model")
        sys.exit(77)
    unittest.main()
