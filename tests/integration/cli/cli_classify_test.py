"""`likeness classify`, and the verdicts of `likeness compare`."""

import json
import shutil

from cli_support import CliTest, likeness, main, png


class ClassifyTest(CliTest):
    def setUp(self):
        super().setUp()
        self.support = self.folder / "support"
        for label, seed in [("red", 1), ("green", 2)]:
            (self.support / label).mkdir(parents=True)
            for brighter in [0, 20]:
                (self.support / label / f"{brighter}.png").write_bytes(
                    png(seed, brighter=brighter))
        self.picture = self.folder / "picture.png"
        self.picture.write_bytes(png(2, brighter=10))

    def classify(self, *arguments, **keywords):
        return self.run_json("classify", "--support", self.support,
                             self.picture, *arguments, **keywords)

    def test_a_picture_gets_the_label_of_its_like(self):
        for rule in ["prototype", "nearest"]:
            answer = self.classify("--rule", rule)
            [found] = answer["pictures"]
            self.assertEqual(found["label"], "green")
            self.assertEqual([entry["label"] for entry in found["ranking"]],
                             ["green", "red"])
            self.assertTrue(found["ranking"][0]["nearest_example"].startswith(
                str(self.support / "green")))
        text = likeness("classify", "--support", self.support, self.picture)
        self.assertEqual(text.returncode, 0, text.stderr)
        self.assertRegex(text.stdout, r"picture\.png\tgreen\t[01]\.\d{4}\n")

    def test_what_is_not_near_enough_is_unknown(self):
        self.picture.write_bytes(png(77))
        answer = self.classify("--min-similarity", 0.999)
        self.assertIsNone(answer["pictures"][0]["label"])
        text = likeness("classify", "--support", self.support, self.picture,
                        "--min-similarity", "0.999")
        self.assertIn("\tunknown\t", text.stdout)

    def test_wrong_input_is_named(self):
        broken = self.support / "red" / "broken.png"
        broken.write_bytes(png(1)[:150])
        result = likeness("classify", "--support", self.support, self.picture)
        self.assertEqual(result.returncode, 4)
        self.assertIn("broken.png", result.stderr)
        broken.unlink()
        for flags, code, problem in [
                (("--rule", "vote"), 2, "prototype"),
                (("--min-similarity", "3"), 2, "min-similarity"),
                (("--precision", "0.9", "--min-similarity", "0.5"), 2,
                 "excludes"),
                (("--precision", "0.999"), 1, "0.999"),
                (("--suport", "x"), 2, "--support")]:
            result = likeness("classify", "--support", self.support,
                              self.picture, *flags)
            self.assertEqual(result.returncode, code, result.stderr)
            self.assertIn(problem, result.stderr)
        missing = likeness("classify", "--support", self.support, "nowhere.png")
        self.assertEqual(missing.returncode, 3)
        self.assertIn("nowhere.png", missing.stderr)

    def test_a_calibrated_model_gives_verdicts(self):
        info = self.run_json("info")
        bundle = self.folder / "bundle"
        shutil.copytree(info["model"]["folder"], bundle)
        card = json.loads((bundle / "card.json").read_text())
        card.pop("calibration", None)
        (bundle / "card.json").write_text(json.dumps(card))
        plain = self.run_json("compare", self.picture, self.picture, "--model",
                              bundle)
        self.assertNotIn("probability", plain["spaces"]["similar"])
        card["calibration"] = {
            "model_id": card["content_id"],
            "copy": {"method": "platt", "slope": -20, "intercept": 10,
                     "prior": 0.1, "matches": 10, "others": 10,
                     "thresholds": [{"precision": 0.9, "similarity": 0.8,
                                     "observed": 0.95, "lower_bound": 0.9,
                                     "accepted": 10, "recall": 0.5}]}}
        (bundle / "card.json").write_text(json.dumps(card))
        verdict = self.run_json("compare", self.picture, self.picture,
                                "--model", bundle)
        copy = verdict["spaces"]["copy"]
        self.assertTrue(copy["match"])
        self.assertEqual(copy["precision"], 0.9)
        self.assertGreater(copy["probability"], 0.99)
        self.assertNotIn("match", verdict["spaces"]["similar"])
        text = likeness("compare", self.picture, self.picture, "--model",
                        bundle)
        self.assertIn("near-duplicate: yes, at a precision of 0.9", text.stdout)
        self.assertIn("similar product: no verdict", text.stdout)


if __name__ == "__main__":
    main()
