"""What the scripts that train several models share.

Runs of the program whose results are kept in one folder and not made again, so
that a script goes on where it was interrupted, and figures for Markdown.
"""

import json
import pathlib
import subprocess
import sys


def read_recipe(path: pathlib.Path) -> dict:
    """A recipe may have lines of comment, which JSON proper may not."""
    lines = pathlib.Path(path).read_text().splitlines()
    return json.loads(
        "\n".join(line for line in lines if not line.lstrip().startswith("//"))
    )


def in_percent(figure: dict) -> str:
    """A figure of an evaluation with its interval."""
    value, low, high = (100 * figure[key] for key in ("value", "low", "high"))
    return f"{value:.1f} ({low:.1f}-{high:.1f})"


class Trainings:
    """Bundles and their evaluations in the folder `work`, each made once."""

    def __init__(
        self,
        program: str,
        data: pathlib.Path,
        work: pathlib.Path,
        always: tuple[object, ...] = (),
    ):
        """`data`: what recipes' paths are relative to; `always`: for each run."""
        self.program = program
        self.data = data
        self.work = work
        self.always = always
        work.mkdir(parents=True, exist_ok=True)

    def _run(self, *words: object) -> str:
        command = [self.program, *map(str, (*words, *self.always))]
        print("+", *command, file=sys.stderr)
        done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)}: exit {done.returncode}")
        return done.stdout

    def train(self, recipe: dict, name: str, *flags: object) -> pathlib.Path:
        """The bundle `name`, trained by `recipe`."""
        text = json.dumps(recipe, indent=2) + "\n"
        written = self.work / f"{name}.recipe.json"
        if written.exists() and written.read_text() != text:
            sys.exit(f"{written} is another recipe: name another folder")
        written.write_text(text)
        bundle = self.work / name
        if not (bundle / "card.json").exists():
            self._run(
                *("train", "--recipe", written, "--data", self.data),
                *("--out", bundle, *flags),
            )
        return bundle

    def split_of(self, bundle: pathlib.Path, data: str) -> pathlib.Path:
        """Which classes of the set `data` the bundle was trained on."""
        return bundle.with_name(bundle.name + ".run") / f"split-{data}.json"

    def evaluate(self, bundle: pathlib.Path, name: str, *flags: object) -> dict:
        """The evaluation `name` of the bundle."""
        kept = bundle.with_name(f"{bundle.name}.{name}.json")
        if not kept.exists():
            kept.write_text(
                self._run("evaluate", "--model", bundle, "--json", *flags)
            )
        return json.loads(kept.read_text())
