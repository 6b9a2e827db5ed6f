"""What the program loads, and when: LibTorch for a network and nothing else."""

import os
import pathlib
import re
import shutil

import cli_support
from cli_support import CliTest, likeness, main, png

MODULE = "liblikeness_torch.so"
WHAT_TO_DO = "install or build likeness anew"


def loaded_by(*arguments):
    """The files that the dynamic linker started for a command."""
    result = likeness(*arguments, env={"LD_DEBUG": "libs"})
    return result, set(re.findall(r"calling init: (\S+)", result.stderr))


class StartTest(CliTest):
    def setUp(self):
        super().setUp()
        (self.folder / "a.png").write_bytes(png(1))

    def test_a_command_without_a_network_loads_no_libtorch(self):
        for words in [("--version",), ("--help",), ("info",),
                      ("search", self.folder / "a.png", "--server",
                       "127.0.0.1:1")]:
            result, files = loaded_by(*words)
            names = {pathlib.Path(file).name for file in files}
            self.assertIn("liblikeness.so", names, result.stderr)
            self.assertFalse([n for n in names if "torch" in n], words)

    def test_a_network_loads_it(self):
        result, files = loaded_by("compare", self.folder / "a.png",
                                  self.folder / "a.png")
        self.assertEqual(result.returncode, 0, result.stderr)
        names = {pathlib.Path(file).name for file in files}
        self.assertLessEqual({MODULE, "libtorch_cpu.so"}, names)

    def test_libtorch_calls_no_blas_but_its_own(self):
        result = likeness("compare", self.folder / "a.png", self.folder / "a.png",
                          env={"LD_DEBUG": "bindings"})
        bound = re.findall(
            r"binding file \S+/libtorch_cpu\.so \[0\] to (\S+) \[0\]: "
            r"normal symbol `(?:[sdcz](?:gemm|gemv|geqrf|getrf|potrf|gesdd)_)'",
            result.stderr)
        self.assertTrue(bound, "LibTorch bound no BLAS at all")
        for file in bound:
            self.assertEqual(pathlib.Path(file).name, "libtorch_cpu.so")

    def test_a_missing_part_of_the_installation_is_named(self):
        _, files = loaded_by("--version")
        library, = [pathlib.Path(f) for f in files if f.endswith("/liblikeness.so")]
        program = pathlib.Path(cli_support.PROGRAM).resolve()
        model = program.parent.parent / "share/likeness/models/default"
        copy = self.folder / "prefix/bin/likeness"
        copy.parent.mkdir(parents=True)
        shutil.copy(program, copy)
        folder = copy.parent / os.path.relpath(library.parent, program.parent)
        folder = pathlib.Path(os.path.normpath(folder))
        folder.mkdir(parents=True)
        before, cli_support.PROGRAM = cli_support.PROGRAM, str(copy)
        self.addCleanup(setattr, cli_support, "PROGRAM", before)

        result = likeness("--version")
        self.assertEqual(result.returncode, 1)
        self.assertIn(str(folder / "liblikeness.so"), result.stderr)
        self.assertIn(WHAT_TO_DO, result.stderr)

        (folder / "liblikeness.so").symlink_to(library)
        self.assertEqual(likeness("--version").returncode, 0)
        result = likeness("compare", self.folder / "a.png", self.folder / "a.png",
                          "--model", model)
        self.assertEqual(result.returncode, 1)
        self.assertIn(str(folder / MODULE), result.stderr)
        self.assertIn(WHAT_TO_DO, result.stderr)


if __name__ == "__main__":
    main()
