"""What a user of `likeness` is told: help, settings, and what went wrong."""

import json

from cli_support import CliTest, likeness, main

COMMANDS = ["index", "search", "compare", "classify", "embed", "collection",
            "compact", "tune", "item", "info", "serve", "model", "snapshot",
            "restore", "verify", "repair", "train", "evaluate", "calibrate", "showcase",
            "bench"]


class UsageTest(CliTest):
    def test_every_command_has_help_with_examples(self):
        listing = likeness("--help")
        self.assertEqual(listing.returncode, 0)
        for text in [*COMMANDS, "Exit codes", "LIKENESS_DATA", "130"]:
            self.assertIn(text, listing.stdout)
        for command in COMMANDS:
            result = likeness(command, "--help")
            self.assertEqual(result.returncode, 0, command)
            self.assertIn("likeness " + command, result.stdout)
            for line in result.stdout.splitlines():
                self.assertLessEqual(len(line), 80, line)

    def test_the_list_of_commands_has_a_line_for_each(self):
        listing = likeness("--help").stdout
        commands = listing.split("Subcommands:\n")[1].split("\n\n")[0]
        self.assertEqual([line.split()[0] for line in commands.splitlines()],
                         COMMANDS)
        self.assertNotIn("Folders are walked", listing)
        self.assertIn("Folders are walked", likeness("index", "--help").stdout)

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
        for words in [("serach",), ("serach", "x.jpg", "--data", "d")]:
            result = likeness(*words)
            self.assertEqual(result.returncode, 2)
            self.assertIn('"serach" is not a command of likeness; did you mean '
                          'search?', result.stderr)
        result = likeness("bench", "flatt")
        self.assertEqual(result.returncode, 2)
        self.assertIn("of likeness bench; did you mean flat?", result.stderr)

    def test_an_argument_in_the_wrong_place_is_a_usage_error(self):
        for words, problem in [
                (("--data", "d", "search", "x.jpg"),
                 '"--data" belongs behind likeness search'),
                (("compare", "x.jpg", "y.jpg", "z.jpg"),
                 '"z.jpg" is one argument too many for likeness compare')]:
            result = likeness(*words)
            self.assertEqual(result.returncode, 2)
            self.assertIn(problem, result.stderr)

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

    def test_settings_come_from_flag_environment_and_file(self):
        self.make_pictures(1)
        self.run_json("index", self.pictures, "--data", self.data,
                      "--collection", "mine")
        config = self.folder / "likeness.toml"
        config.write_text(f'collection = "mine"\ndata = "{self.data}"\n')
        picture = self.pictures / "0000.png"
        self.run_json("search", picture, "--config", config)
        self.run_json("search", picture, env={"LIKENESS_CONFIG": str(config)})
        other = likeness("search", picture, "--config", config,
                         env={"LIKENESS_COLLECTION": "other"})
        self.assertEqual(other.returncode, 3)
        self.assertIn('"other"', other.stderr)
        self.run_json("search", picture, "--config", config, "--collection",
                      "mine", env={"LIKENESS_COLLECTION": "other"})
        config.write_text('# mine\ncolection = "mine"\n')
        wrong = likeness("search", picture, "--config", config)
        self.assertEqual(wrong.returncode, 2)
        self.assertIn('"collection"', wrong.stderr)
        self.assertIn(f"{config}:2:", wrong.stderr)
        missing = likeness("info", "--config", self.folder / "none")
        self.assertEqual(missing.returncode, 3)
        self.assertIn(str(self.folder / "none"), missing.stderr)
        for value in ["many", "1025"]:
            result = likeness("info", env={"LIKENESS_WORKERS": value})
            self.assertEqual(result.returncode, 2)
            self.assertIn(f'LIKENESS_WORKERS: "{value}"', result.stderr)

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

    def test_bench_prints_a_json_object_a_line_with_json_too(self):
        for flags in [(), ("--json",)]:
            result = likeness("bench", "flat", "--vectors", 1000, "--seconds",
                              0.01, *flags)
            self.assertEqual(result.returncode, 0, result.stderr)
            for line in result.stdout.splitlines():
                self.assertEqual(json.loads(line)["bench"], "flat")

    def test_a_model_that_is_not_there_is_named(self):
        self.make_pictures(1)
        result = self.embed(self.pictures, "--model", "/nowhere")
        self.assertEqual(result.returncode, 3)
        self.assertIn("/nowhere", result.stderr)


if __name__ == "__main__":
    main()
