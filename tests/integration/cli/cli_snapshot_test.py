"""Snapshots of a data directory: made, verified, damaged, restored."""

import subprocess

from cli_support import PROGRAM, CliTest, likeness, main


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

    def test_a_repair_changes_nothing_that_is_whole_or_the_truth(self):
        repaired = self.run_json("repair", self.data)
        self.assertTrue(repaired["ok"])
        self.assertEqual(repaired["moved"], [])
        self.assertEqual([r["searches"] for r in repaired["before"]["recall"]],
                         [4, 4])
        self.run_json("snapshot", self.snapshot, "--data", self.data)
        table = next((self.data / "db").glob("*.sst"))
        good = table.read_bytes()
        bad = good[:40] + bytes([good[40] ^ 1]) + good[41:]
        table.write_bytes(bad)
        report = self.run_json("repair", self.data, code=1)
        self.assertFalse(report["ok"])
        self.assertNotIn("after", report)
        self.assertEqual(table.read_bytes(), bad)
        table.write_bytes(good)
        self.assertEqual(likeness("repair", self.snapshot).returncode, 1)

    def test_a_server_makes_snapshots_in_its_folder_alone(self):
        port_file = self.folder / "port"
        snapshots = self.folder / "snapshots"
        server = subprocess.Popen(
            [PROGRAM, "serve", "--data", self.data, "--listen", "127.0.0.1:0",
             "--port-file", port_file, "--snapshots", snapshots],
            stderr=subprocess.PIPE, text=True)
        try:
            for line in server.stderr:
                if "ready after" in line:
                    break
            address = "127.0.0.1:" + port_file.read_text().strip()
            made = self.run_json("snapshot", "monday", "--server", address)
            self.assertEqual(made["folder"], str(snapshots / "monday"))
            self.assertEqual(made["collections"][0]["items"], 4)
            for name in ["monday", "../elsewhere", ""]:
                result = likeness("snapshot", name, "--server", address)
                self.assertNotEqual(result.returncode, 0, name)
            self.assertTrue(self.run_json("verify", snapshots / "monday")["ok"])
        finally:
            server.kill()
            server.communicate()


if __name__ == "__main__":
    main()
