"""likeness train, as a user runs it: on pictures made on the spot."""

import json
import signal
import subprocess

import numpy
from cli_support import PROGRAM, CliTest, likeness, main, png

RECIPE = {
    "name": "patches",
    "steps": 12,
    "network": {"architecture": "conv4", "random_start": True,
                "live_norms": True, "side": 32, "train_side": 32},
    "heads": {"similar": {"pooling": "avg", "dimensions": 8},
              "copy": {"pooling": "avg", "dimensions": 8}},
    "data": [{"name": "patches", "path": "pictures", "train": 0.6,
              "validation": 0.4, "test": 0}],
    "streams": [{"name": "patches", "data": "patches", "sampler": "classes",
                 "classes": 4, "pictures": 3, "augment": "product"}],
    "losses": [{"loss": {"type": "triplet"}}],
    "validation": {"every": 6,
                   "sets": [{"data": "patches", "task": "retrieval"}]},
}


class TrainTest(CliTest):
    def setUp(self):
        super().setUp()
        for i in range(10):
            group = self.pictures / f"patch{i}"
            group.mkdir(parents=True)
            for side in (64, 72, 80, 96):
                (group / f"{side}.png").write_bytes(png(i, side))
        self.recipe = self.folder / "recipe.json"
        self.out = self.folder / "model"

    def train(self, recipe, *arguments, **keywords):
        self.recipe.write_text(json.dumps(recipe))
        return likeness(*self.command(), *arguments, **keywords)

    def command(self):
        return ["train", "--recipe", self.recipe, "--data", self.folder, "--out",
                self.out]

    def test_the_bundle_embeds_and_the_run_is_documented(self):
        result = self.train(RECIPE, "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        answer = json.loads(result.stdout)
        self.assertEqual(answer["steps"], 12)
        self.assertIn("patches.retrieval.map_at_r", answer["best"]["metrics"])
        embedded = self.embed(self.pictures, "--model", self.out)
        self.assertEqual(embedded.returncode, 0, embedded.stderr)
        self.assertEqual(numpy.load(self.folder / "v.npy").shape, (40, 8))
        run = self.folder / "model.run"
        lines = [json.loads(line) for line in
                 (run / "metrics.jsonl").read_text().splitlines()]
        self.assertEqual([line["step"] for line in lines if "losses" in line],
                         list(range(1, 13)))
        split = json.loads((run / "split-pictures.json").read_text())
        self.assertEqual(len(split["train"]), 6)
        self.assertFalse(set(split["train"]) & set(split["validation"]))
        self.assertIn("<svg", (run / "report.html").read_text())

    def test_interrupted_it_goes_on_and_ends_the_same(self):
        whole = self.train({**RECIPE, "steps": 400}, "--json")
        self.assertEqual(whole.returncode, 0, whole.stderr)
        weights = (self.out / "weights.safetensors").read_bytes()
        self.out = self.folder / "again"
        with subprocess.Popen([PROGRAM, *map(str, self.command())],
                              stderr=subprocess.PIPE, text=True) as process:
            for line in process.stderr:
                if "validation after step 6" in line:
                    break
            process.send_signal(signal.SIGINT)
            errors = process.stderr.read()
            process.wait()
        self.assertEqual(process.returncode, 130, errors)
        self.assertIn("the same command goes on", errors)
        self.assertFalse(self.out.exists())
        result = likeness(*self.command())
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual((self.out / "weights.safetensors").read_bytes(), weights)

    def test_mistakes_are_named(self):
        for change, code, problem in [
                ({"losses": [{"loss": {"type": "triplett"}}]}, 2,
                 "losses[0].loss.type"),
                ({"stepz": 3}, 2, "stepz"),
                ({"data": [{"name": "patches", "path": "nowhere"}]}, 3,
                 "nowhere")]:
            result = self.train({**RECIPE, **change})
            self.assertEqual(result.returncode, code, result.stderr)
            self.assertIn(problem, result.stderr)
        result = likeness("train", "--recipe", "absent.json", "--out", self.out)
        self.assertEqual(result.returncode, 3)
        self.assertIn("absent.json", result.stderr)
        self.recipe.write_text("not JSON")
        result = likeness(*self.command())
        self.assertEqual(result.returncode, 2)
        self.assertIn("recipe.json", result.stderr)


main()
