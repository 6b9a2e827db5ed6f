"""`likeness model`: a collection from one model to another, and back."""

import json
import os
import pathlib
import subprocess

from cli_support import PROGRAM, CliTest, likeness, main, png

MODELS = pathlib.Path(__file__).resolve().parents[3] / "models"
OLD = MODELS / "omniglot"
NEW = MODELS / "likeness-v1"


class ModelTest(CliTest):
    def index(self, count):
        self.make_pictures(count)
        self.run_json("index", self.pictures, "--data", self.data, "--model",
                      OLD)

    def model(self, *arguments, code=0):
        return self.run_json("model", *arguments, "--data", self.data,
                             code=code)

    def refused(self, *arguments):
        result = likeness("model", *arguments, "--data", self.data)
        self.assertEqual(result.returncode, 1, result.stderr)
        return result.stderr

    def nearest(self, name, model):
        answer = self.run_json("search", self.pictures / name, "--data",
                               self.data, "--model", model, "-k", 1)
        return answer["hits"][0]

    def assert_whole(self):
        report = self.run_json("verify", self.data)
        self.assertTrue(report["ok"], report)

    def test_there_and_back_and_there_again(self):
        self.index(12)
        self.assertIn("reembed", self.refused("status"))
        done = self.model("reembed", NEW)
        self.assertEqual(done["embedded"], 12)
        self.assertEqual(done["unembedded_items"], [])
        self.assertEqual(done["status"]["operations_left"], 0)
        self.assertEqual(self.model("reembed", NEW)["operations"], 0)
        self.assertEqual(self.nearest("0003.png", OLD)["id"],
                         str(self.pictures / "0003.png"))
        compared = self.model("compare", "-k", 3)
        self.assertEqual(compared["spaces"]["similar"]["queries"], 12)
        self.assertLessEqual(compared["spaces"]["similar"]["mean"], 1)

        self.assertTrue(self.model("switch")["switched"])
        self.assertEqual(self.nearest("0003.png", NEW)["id"],
                         str(self.pictures / "0003.png"))
        self.assertAlmostEqual(self.nearest("0003.png", NEW)["similarity"], 1,
                               places=5)
        old = likeness("search", self.pictures / "0003.png", "--data",
                       self.data, "--model", OLD)
        self.assertEqual(old.returncode, 1)
        (self.pictures / "late.png").write_bytes(png(99))
        self.run_json("index", self.pictures, "--data", self.data, "--model",
                      NEW)
        self.assertIn("1 operations", self.refused("rollback"))
        self.assertFalse(self.model("rollback", OLD)["switched"])
        self.assertEqual(self.nearest("late.png", OLD)["id"],
                         str(self.pictures / "late.png"))
        self.assert_whole()

        self.assertIn("still stands for the old", self.refused("finish"))
        self.model("switch")
        self.assertIn("stands for the new", self.refused("cancel"))
        self.model("finish")
        self.assertIn("no change", self.refused("status"))
        self.assertEqual(self.nearest("late.png", NEW)["id"],
                         str(self.pictures / "late.png"))
        self.assert_whole()

    def test_what_cannot_be_embedded_is_listed_and_asked_about(self):
        self.index(5)
        (self.pictures / "0001.png").unlink()
        (self.pictures / "0002.png").write_bytes(png(50))
        listed = self.folder / "list.jsonl"
        done = self.model("reembed", NEW, "--list", listed)
        self.assertEqual(done["unembedded_by_reason"],
                         {"NOT_FOUND": 1, "PICTURE_CHANGED": 1})
        lines = [json.loads(line) for line in listed.read_text().splitlines()]
        self.assertEqual(lines, done["unembedded_items"])
        self.assertEqual([line["id"] for line in lines],
                         [str(self.pictures / f"000{i}.png") for i in (1, 2)])
        self.assertIn("2 items", self.refused("switch"))
        (self.pictures / "0002.png").write_bytes(png(2))
        again = self.model("reembed", NEW, "--retry")
        self.assertEqual(again["embedded"], 1)
        self.assertEqual(len(again["unembedded_items"]), 1)
        self.model("switch", "--unembedded", 1)
        [left] = self.model("unembedded")["items"]
        self.assertEqual(left["reason"], "NOT_FOUND")
        # The picture comes back: indexing mends the item.
        (self.pictures / "0001.png").write_bytes(png(1))
        counts = self.run_json("index", self.pictures, "--data", self.data,
                               "--model", NEW)
        self.assertEqual(counts["indexed"], 1)
        self.assertEqual(counts["unchanged"], 4)
        self.assertEqual(self.model("unembedded")["items"], [])

    def test_a_killed_reembedding_goes_on(self):
        count = 300
        self.index(count)
        command = [PROGRAM, "model", "reembed", NEW, "--data", self.data,
                   "--quiet"]
        clean = {k: v for k, v in os.environ.items()
                 if not k.startswith("LIKENESS")}
        seconds = 0.5
        while True:
            process = subprocess.Popen(list(map(str, command)), env=clean,
                                       stdout=subprocess.DEVNULL)
            try:
                self.assertEqual(process.wait(timeout=seconds), 0)
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            self.assert_whole()
            seconds *= 1.7
        status = self.model("status")
        self.assertEqual(status["operations_left"], 0)
        self.assertEqual(status["other"]["items"], count)
        self.assertEqual(status["other"]["unembedded"], 0)
        self.model("switch")
        self.assertEqual(self.nearest("0123.png", NEW)["id"],
                         str(self.pictures / "0123.png"))
        self.assert_whole()


if __name__ == "__main__":
    main()
