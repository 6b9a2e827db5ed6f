"""Snapshots of a data directory: made, verified, damaged, restored."""

from cli_support import CliTest, likeness, main


class SnapshotTest(CliTest):
    def setUp(self):
        super().setUp()
        self.make_pictures(4)
        self.run_json("index", self.pictures, "--data", self.data)
        self.snapshot = self.folder / "snapshot"

    def test_a_restored_directory_has_what_the_snapshot_had(self):
        made = self.run_json("snapshot", self.snapshot, "--data", self.data)
        self.assertEqual(made["collections"][0]["items"], 4)
        for folder in [self.data, self.snapshot]:
            report = self.run_json("verify", folder)
            self.assertTrue(report["ok"], report)
            self.assertEqual(report["items"], 4)
        restored = self.folder / "restored"
        self.run_json("restore", self.snapshot, restored)
        answer = self.run_json("search", self.pictures / "0002.png", "--data",
                               restored)
        self.assertEqual(answer["hits"][0]["id"],
                         str(self.pictures / "0002.png"))
        self.assertEqual(likeness("restore", self.snapshot, restored).returncode,
                         1)

    def test_damage_is_named_and_not_restored(self):
        self.run_json("snapshot", self.snapshot, "--data", self.data)
        table = next((self.snapshot / "db").glob("*.sst"))
        good = table.read_bytes()
        table.unlink()  # It is the data directory's as well.
        table.write_bytes(good[:40] + bytes([good[40] ^ 1]) + good[41:])
        report = self.run_json("verify", self.snapshot, code=1)
        self.assertFalse(report["ok"])
        self.assertIn(table.name, report["problems"][0]["where"])
        restored = self.folder / "restored"
        result = likeness("restore", self.snapshot, restored)
        self.assertEqual(result.returncode, 1)
        self.assertIn(table.name, result.stderr)
        self.assertFalse(restored.exists())


if __name__ == "__main__":
    main()
