"""The commands of `likeness` that read pictures, run as a user runs them."""

import json
import os
import signal
import subprocess
import time

import numpy
from cli_support import PROGRAM, CliTest, likeness, main, png


class PicturesTest(CliTest):
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

    def test_a_filter_chooses_among_the_items(self):
        self.make_pictures(4)
        self.run_json("index", self.pictures, "--data", self.data,
                      "--relative-to", self.pictures)
        answer = self.run_json(
            "search", "--item", "0001.png", "--data", self.data, "--filter",
            'item.id > "0001.png" AND picture.format = png AND '
            'NOT item.id = "0003*"')
        self.assertEqual([hit["id"] for hit in answer["hits"]], ["0002.png"])
        result = likeness("search", "--item", "0001.png", "--data", self.data,
                          "--filter", "item.id = ")
        self.assertEqual(result.returncode, 2)
        self.assertIn("column", result.stderr)

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
            self.assertFalse(ledger["complete"])
            self.assertEqual(ledger["failed"], 0)
            done = ledger["indexed"]
        rest = self.run_json("index", self.pictures, "--data", self.data)
        self.assertEqual(rest["unchanged"] + rest["indexed"], 300)
        self.assertGreaterEqual(rest["unchanged"], done)

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
        for answer in [same, other]:
            look = answer["second_look"]
            self.assertLessEqual(look["inliers"], look["alike_points"])
        self.assertGreater(same["second_look"]["inliers"],
                           other["second_look"]["inliers"])

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


if __name__ == "__main__":
    main()
