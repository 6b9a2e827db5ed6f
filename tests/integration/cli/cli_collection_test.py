"""Collections: made, changed, emptied by a filter, compacted, tuned."""

from cli_support import CliTest, likeness, main


class CollectionTest(CliTest):
    def collection(self):
        info = self.run_json("info", "--data", self.data)
        return info["collections"][0]

    def test_what_is_chosen_is_shown_and_the_rest_is_the_rules(self):
        made = self.run_json("collection", "create", "--data", self.data,
                             "--dimensions", "similar=8", "--code", "int8",
                             "--recall", "0.95")
        self.assertEqual(made["index_chosen"],
                         {"code": "int8", "recall_target": 0.95})
        self.assertEqual(made["index"]["m"], 32)
        self.assertEqual(made["dimensions"], {"similar": 8})
        changed = self.run_json("collection", "set", "--data", self.data,
                                "--m", "16", "--reset", "code")
        self.assertEqual(changed["index_chosen"],
                         {"m": 16, "recall_target": 0.95})
        self.assertEqual(changed["index"]["code"], "float32")
        changed = self.run_json("collection", "set", "--data", self.data,
                                "--code", "float16")
        self.assertEqual(changed["index"]["code"], "float16")
        self.assertEqual(self.collection()["index"], changed["index"])
        self.assertEqual(self.collection()["index_chosen"],
                         changed["index_chosen"])

    def test_what_is_out_of_range_is_refused(self):
        self.run_json("collection", "create", "--data", self.data,
                      "--dimensions", "similar=8")
        for wrong in [["--m", "1"], ["--code", "float64"], ["--recall", "1"],
                      ["--reset", "colour"]]:
            result = likeness("collection", "set", "--data", self.data, *wrong)
            self.assertEqual(result.returncode, 2, wrong)
            self.assertIn(wrong[1], result.stderr)
        nothing = likeness("collection", "set", "--data", self.data)
        self.assertEqual(nothing.returncode, 2)
        self.assertEqual(self.collection()["index_chosen"], {})

    def test_items_are_deleted_by_what_they_are(self):
        self.make_pictures(5)
        self.run_json("index", self.pictures, "--data", self.data)
        for name in ["0001", "0003"]:
            self.run_json("item", "set", self.pictures / f"{name}.png",
                          "shop=closed", "--data", self.data)
        delete = ["item", "delete", "--data", self.data]
        counted = self.run_json(*delete, "--filter", "shop = closed",
                                "--dry-run")
        self.assertEqual((counted["matched"], counted["deleted"]), (2, 0))
        self.assertEqual(self.collection()["items"], 5)
        done = self.run_json(*delete, "--filter", "shop = closed")
        self.assertEqual((done["matched"], done["deleted"], done["changed"]),
                         (2, 2, 0))
        self.assertEqual(self.collection()["items"], 3)
        for wrong in [[], ["--dry-run"], ["--filter", "shop = x", "id"],
                      ["--filter", "shop = x", "--all"]]:
            self.assertEqual(likeness(*delete, *wrong).returncode, 2, wrong)
        self.assertEqual(self.run_json(*delete, "--all")["deleted"], 3)

    def test_compaction_tells_what_it_gave_back(self):
        self.make_pictures(4)
        self.run_json("index", self.pictures, "--data", self.data)
        done = self.run_json("compact", "--data", self.data)
        self.assertEqual(done["state"], "done")
        self.assertGreater(done["before"]["disk_bytes"], 0)
        self.assertGreater(done["after"]["disk_bytes"], 0)
        self.assertEqual(self.collection()["index_stats"]["sealed_segments"], 1)
        answer = self.run_json("search", self.pictures / "0002.png", "--data",
                               self.data)
        self.assertEqual(answer["hits"][0]["id"],
                         str(self.pictures / "0002.png"))

    def test_a_collection_without_graphs_needs_no_tuning(self):
        self.make_pictures(2)
        self.run_json("index", self.pictures, "--data", self.data)
        result = likeness("tune", "--data", self.data)
        self.assertEqual(result.returncode, 1)
        self.assertIn("every search is exact", result.stderr)
        self.assertEqual(likeness("tune").returncode, 2)


if __name__ == "__main__":
    main()
