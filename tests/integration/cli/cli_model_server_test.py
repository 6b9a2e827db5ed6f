"""`likeness model --server`: the same steps while a server serves."""

import subprocess

from cli_model_test import NEW, OLD
from cli_support import PROGRAM, CliTest, likeness, main, png


class ServedModelTest(CliTest):
    def serve(self, *models):
        port_file = self.folder / "port"
        server = subprocess.Popen(
            [PROGRAM, "serve", "--data", self.data, "--listen", "127.0.0.1:0",
             "--port-file", port_file, *models], stderr=subprocess.PIPE,
            text=True)
        self.addCleanup(server.communicate)
        self.addCleanup(server.kill)
        for line in server.stderr:
            if "ready after" in line:
                break
        self.server = "127.0.0.1:" + port_file.read_text().strip()

    def index(self, count):
        self.make_pictures(count)
        self.run_json("index", self.pictures, "--data", self.data, "--model",
                      OLD)

    def model(self, *arguments, code=0):
        return self.run_json("model", *arguments, "--server", self.server,
                             code=code)

    def refused(self, *arguments, code=1):
        result = likeness("model", *arguments, "--server", self.server)
        self.assertEqual(result.returncode, code, result.stderr)
        return result.stderr

    def nearest(self, name):
        answer = self.run_json("search", self.pictures / name, "--server",
                               self.server, "-k", 1)
        self.assertAlmostEqual(answer["hits"][0]["similarity"], 1, places=4)
        return answer["hits"][0]["id"]

    def test_every_step_is_taken_by_the_server(self):
        self.index(12)
        (self.pictures / "0004.png").unlink()
        self.serve("--model", OLD, "--next-model", NEW)
        self.assertIn("no change", self.refused("status"))
        listed = self.folder / "list.jsonl"
        done = self.model("reembed", "--list", listed)
        self.assertTrue(done["complete"])
        self.assertEqual(done["operations"], 12)
        self.assertEqual(done["embedded"], 11)
        self.assertEqual(done["unembedded_by_reason"], {"NOT_FOUND": 1})
        [item] = done["unembedded_items"]
        self.assertEqual(item["id"], str(self.pictures / "0004.png"))
        self.assertEqual(len(listed.read_text().splitlines()), 1)
        self.assertEqual(self.model("unembedded")["items"], [item])
        status = self.model("status")
        self.assertEqual(status["operations_left"], 0)
        self.assertEqual(status["other"]["unembedded"], 1)
        compared = self.model("compare", "-k", 3, "--worst", 2)
        self.assertEqual(compared["spaces"]["similar"]["queries"], 11)
        self.assertEqual(len(compared["spaces"]["similar"]["worst"]), 2)
        self.assertIn("1 items", self.refused("switch"))
        self.assertTrue(self.model("switch", "--unembedded", 1)["switched"])
        self.assertEqual(self.nearest("0003.png"),
                         str(self.pictures / "0003.png"))
        (self.pictures / "late.png").write_bytes(png(99))
        self.run_json("index", self.pictures, "--server", self.server)
        self.assertFalse(self.model("rollback")["switched"])
        self.assertEqual(self.nearest("late.png"),
                         str(self.pictures / "late.png"))
        (self.pictures / "0004.png").write_bytes(png(4))
        again = self.model("reembed", "--retry")
        self.assertEqual(again["unembedded_items"], [])
        self.model("switch")
        self.assertIn("stands for the new", self.refused("cancel"))
        ended = self.model("finish")
        self.assertEqual(ended["model_id"], status["other"]["model_id"])
        self.assertEqual(self.nearest("0004.png"),
                         str(self.pictures / "0004.png"))
        text = likeness("model", "unembedded", "--server", self.server)
        self.assertEqual(text.stdout, "")

    def test_what_the_server_was_not_started_with_is_refused(self):
        self.index(2)
        self.serve("--model", OLD)
        self.assertIn("--next-model", self.refused("reembed"))
        self.assertIn("started with", self.refused("reembed", NEW, code=2))
        self.assertIn("started with",
                      self.refused("rollback", "--pictures", ".", code=2))
        both = likeness("model", "status", "--server", self.server, "--data",
                        self.data)
        self.assertEqual(both.returncode, 2)

    def test_the_same_model_twice_is_refused(self):
        result = likeness("serve", "--data", self.data, "--listen",
                          "127.0.0.1:0", "--model", OLD, "--next-model", OLD)
        self.assertEqual(result.returncode, 2)
        self.assertIn("--next-model", result.stderr)


if __name__ == "__main__":
    main()
