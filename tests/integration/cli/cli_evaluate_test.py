"""`likeness evaluate` and `likeness calibrate`, run as a user runs them."""

import json
import shutil
import subprocess

from cli_support import PROGRAM, CliTest, likeness, main, png


class EvaluateTest(CliTest):
    def make_classes(self, classes=4, pictures=3):
        """A folder for each class: one patchwork, brighter and brighter."""
        for label in range(classes):
            folder = self.pictures / f"class{label}"
            folder.mkdir(parents=True)
            for i in range(pictures):
                (folder / f"{i}.png").write_bytes(png(label, brighter=8 * i))

    def evaluate(self, task, *arguments, **keywords):
        return self.run_json("evaluate", "--task", task, "--data",
                             self.pictures, "--resamples", 20, "--quiet",
                             *arguments, **keywords)

    def bundle(self):
        """A copy of the default model, not calibrated, to be written to."""
        info = self.run_json("info")
        copy = self.folder / "bundle"
        shutil.copytree(info["model"]["folder"], copy)
        card = json.loads((copy / "card.json").read_text())
        card.pop("calibration", None)
        (copy / "card.json").write_text(json.dumps(card))
        return copy

    def test_retrieval_stands_beside_its_baselines(self):
        self.make_classes()
        page = self.folder / "report.html"
        report = self.evaluate("retrieval", "--html", page)
        table = report["tables"][0]
        names = [row["descriptor"] for row in table["rows"]]
        self.assertEqual(names[1], "random network")
        self.assertTrue(names[2].startswith("frozen"))
        self.assertEqual(names[-3:], ["colour histogram", "pHash", "PDQ"])
        for row in table["rows"]:
            self.assertEqual(list(row["figures"]),
                             ["recall_at_1", "recall_at_5", "recall_at_10",
                              "map_at_r"])
            for figure in row["figures"].values():
                self.assertLessEqual(0, figure["low"])
                self.assertLessEqual(figure["low"], figure["high"])
                self.assertLessEqual(figure["high"], 1)
        self.assertEqual(table["counts"]["queries"], 12)
        self.assertEqual(report["setting"]["judged side of the split"], "all")
        html = page.read_text()
        self.assertIn("Among the tested pictures", html)
        self.assertNotIn("http", html.replace("http://www.w3.org", ""))

    def test_every_task_answers(self):
        self.make_classes()
        verification = self.evaluate("verification")
        self.assertEqual(verification["tables"][0]["counts"]["matches"], 12)
        episodes = self.evaluate("one-shot", "--ways", 3, "--episodes", 10)
        self.assertEqual(episodes["tables"][0]["counts"]["episodes"], 10)
        copies = self.evaluate("copies", "--originals", 2, "--strong-copies", 1,
                               "--second-look", 5)
        self.assertEqual(copies["space"], "copy")
        for table in copies["tables"]:
            self.assertTrue(table["rows"][1]["descriptor"].endswith(
                "second look at 5"))
        self.assertEqual([table["name"] for table in copies["tables"]],
                         ["mild", "strong"])

    def test_a_split_says_which_classes_are_judged(self):
        self.make_classes()
        split = self.folder / "split.json"
        split.write_text(json.dumps({"train": ["class0", "class1"],
                                     "validation": [],
                                     "test": ["class2", "class3"]}))
        report = self.evaluate("retrieval", "--split", split)
        self.assertEqual(report["tables"][0]["counts"]["query_classes"], 2)
        self.assertEqual(report["setting"]["judged side of the split"], "test")
        split.write_text(json.dumps({"train": ["class0"], "validation": [],
                                     "test": ["class0"]}))
        result = likeness("evaluate", "--task", "retrieval", "--data",
                          self.pictures, "--split", split)
        self.assertEqual(result.returncode, 2)
        self.assertIn("class0", result.stderr)

    def test_pictures_that_cannot_be_read_are_listed(self):
        self.make_classes()
        torn = self.pictures / "class0" / "torn.png"
        torn.write_bytes(png(0)[:200])
        report = self.evaluate("retrieval")
        self.assertEqual([entry["picture"] for entry in report["failures"]],
                         [str(torn)])

    def test_wrong_input_is_named(self):
        self.make_classes()
        for flags, problem in [
                (("--task", "guessing"), "guessing"),
                (("--task", "retrieval", "--on", "test"), "--on"),
                (("--task", "one-shot", "--ways", "9"), "has 4 classes"),
                (("--task", "retrieval", "--spilt", "x"), "--split"),
                (("--task", "retrieval", "--space", "sideways"), "similar")]:
            result = likeness("evaluate", "--data", self.pictures, *flags)
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertIn(problem, result.stderr)
            self.assertEqual(result.stdout, "")
        missing = likeness("evaluate", "--task", "retrieval", "--data",
                           self.folder / "nowhere")
        self.assertEqual(missing.returncode, 3)
        self.assertIn("nowhere", missing.stderr)

    def test_a_calibration_goes_into_the_bundle(self):
        self.make_classes(classes=6)
        bundle = self.bundle()
        before = self.run_json("info", "--model", bundle)["model"]["id"]
        document = self.run_json(
            "calibrate", "--model", bundle, "--data", self.pictures, "--space",
            "similar", "--prior", 0.5, "--precision", "0.5", "--quiet")
        fit = document["spaces"]["similar"]
        self.assertEqual(fit["method"], "platt")
        self.assertEqual(fit["matches"], 18)
        self.assertEqual(fit["thresholds"][0]["precision"], 0.5)
        card = json.loads((bundle / "card.json").read_text())
        self.assertEqual(card["calibration"]["similar"], fit)
        after = self.run_json("info", "--model", bundle)["model"]["id"]
        self.assertEqual(after, before)

    def test_figures_are_recorded_in_the_bundle(self):
        self.make_classes()
        bundle = self.bundle()
        before = self.run_json("info", "--model", bundle)["model"]["id"]
        report = self.evaluate("retrieval", "--model", bundle, "--record",
                               "patches")
        card = json.loads((bundle / "card.json").read_text())
        self.assertEqual(card["metrics"]["model_id"], before)
        record = card["metrics"]["evaluations"]["patches"]
        self.assertEqual(record["setting"], report["setting"])
        table = report["tables"][0]
        descriptors = record["tables"][table["name"]]["descriptors"]
        self.assertEqual(list(descriptors),
                         [row["descriptor"] for row in table["rows"]])
        for row in table["rows"]:
            value, low, high = descriptors[row["descriptor"]]["map_at_r"]
            figure = row["figures"]["map_at_r"]
            self.assertAlmostEqual(value, figure["value"], delta=5e-5)
            self.assertAlmostEqual(low, figure["low"], delta=5e-5)
            self.assertAlmostEqual(high, figure["high"], delta=5e-5)
        after = self.run_json("info", "--model", bundle)["model"]["id"]
        self.assertEqual(after, before)

    def test_a_precision_beyond_the_data_is_refused_with_its_price(self):
        self.make_classes(classes=6)
        bundle = self.bundle()
        result = likeness("calibrate", "--model", bundle, "--data",
                          self.pictures, "--space", "similar", "--precision",
                          "0.999", "--out", self.folder / "out", "--quiet")
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertRegex(result.stdout, r"0\.999  refused: ")
        self.assertNotIn("calibration", (bundle / "card.json").read_text())
        out = json.loads((self.folder / "out" / "card.json").read_text())
        self.assertEqual(out["calibration"]["similar"]["thresholds"], [])

    def test_wrong_priors_and_precisions_are_usage_errors(self):
        self.make_classes()
        for flags, field in [(("--prior", "1"), "prior"),
                             (("--precision", "1.5"), "precisions"),
                             (("--space", "neither"), "--space")]:
            result = likeness("calibrate", "--data", self.pictures, *flags)
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertIn(field, result.stderr)

    def test_standard_output_holds_the_document_alone(self):
        self.make_classes()
        result = subprocess.run(
            [PROGRAM, "evaluate", "--task", "retrieval", "--data",
             self.pictures, "--resamples", "20", "--json"],
            capture_output=True, text=True, timeout=300, check=True)
        json.loads(result.stdout)
        self.assertIn("12 of 12 pictures", result.stderr)


if __name__ == "__main__":
    main()
