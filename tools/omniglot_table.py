#!/usr/bin/env python3
"""Every network with both classical losses on Omniglot, in one table.

    omniglot_table.py PROGRAM DATA OUT [--steps N] [--workers N]

PROGRAM is the likeness program, DATA the folder that holds omniglot/, OUT a
folder for what is trained. Each row of the Markdown table on standard output is
a network, trained by recipes/omniglot-conv4.json with its own `network` member
and, in turn, the contrastive and the triplet loss: the same data, split, views,
batches and number of steps for all. The figure is the accuracy of 20-way
one-shot recognition within an alphabet that no training saw, examples by one
drawer and queries by another, the nearest example decides; in brackets 1.96
standard errors over episodes. Training chooses its weights on the validation
alphabet; the test alphabet is asked once for each row. Below stand the
descriptors that learned nothing of it.

Interrupted, the same command goes on where it stopped. lite0 begins with the
ImageNet bundle (the program's default model), the others at random.
"""

import argparse
import json
import pathlib
import subprocess
import sys

RECIPE = pathlib.Path(__file__).parent.parent / "recipes" / "omniglot-conv4.json"

NETWORKS = {
    "lite0": {
        "architecture": "efficientnet_lite0",
        "frozen_stages": 6,
        "side": 96,
        "train_side": 96,
        "piece": 30,
    },
    "conv4": {"architecture": "conv4"},
    "lstm": {"architecture": "lstm"},
    "cnn_lstm": {"architecture": "cnn_lstm"},
}

# Networks that begin with ImageNet's weights are changed more gently.
LEARNING_RATES = {"lite0": 2e-4}

LOSSES = {
    "contrastive": {
        "loss": {"type": "contrastive", "distance": "euclidean", "margin": 0.8}
    },
    "triplet": {"loss": {"type": "triplet", "margin": 0.2, "mining": "curriculum"}},
}


def recipe_for(network: str, loss: str, steps: int) -> dict:
    recipe = json.loads(RECIPE.read_text())
    recipe["name"] = f"omniglot-{network}-{loss}"
    recipe["steps"] = steps
    if network == "lite0":
        recipe["network"].update(random_start=False, live_norms=False)
    recipe["network"].update(NETWORKS[network])
    recipe["losses"] = [{**LOSSES[loss], "head": "similar"}]
    rate = LEARNING_RATES.get(network)
    if rate is not None:
        recipe["optimizer"]["learning_rate"] = rate
    return recipe


class Table:
    def __init__(self, arguments: argparse.Namespace):
        self.arguments = arguments

    def likeness(self, *words: object) -> str:
        command = [self.arguments.program, *map(str, words)]
        command += ["--workers", str(self.arguments.workers)]
        done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit(f"omniglot_table: {' '.join(command)}: exit {done.returncode}")
        return done.stdout

    def evaluation(self, network: str, loss: str) -> dict:
        """Trains and evaluates what is not there yet."""
        recipe = recipe_for(network, loss, self.arguments.steps)
        base = self.arguments.out / f"{recipe['name']}-{self.arguments.steps}"
        found = base.with_name(base.name + ".evaluation.json")
        if found.exists():
            return json.loads(found.read_text())
        data = self.arguments.data
        written = base.with_name(base.name + ".recipe.json")
        written.write_text(json.dumps(recipe, indent=2) + "\n")
        if not (base / "card.json").exists():
            self.likeness("train", "--recipe", written, "--data", data, "--out", base)
        answer = self.likeness(
            *("evaluate", "--model", base, "--data", data / "omniglot"),
            *("--task", "one-shot", "--ways", 20, "--two-drawers"),
            *("--split", f"{base}.run/split-omniglot.json", "--on", "test"),
            *("--json", "--quiet"),
        )
        found.write_text(answer)
        return json.loads(answer)


def rows_of(evaluation: dict) -> list[dict]:
    tables = {table["name"]: table for table in evaluation["tables"]}
    return tables["within_group"]["rows"]


def cell(row: dict) -> str:
    figure = row["figures"]["nearest"]
    half = (figure["high"] - figure["low"]) / 2
    return f"{100 * figure['value']:.1f} (± {100 * half:.1f})"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program", type=str)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=0)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    table = Table(arguments)
    print(f"{arguments.steps} steps each; accuracy in percent.\n")
    print("| network | " + " | ".join(LOSSES) + " |")
    print("| --- |" + " --- |" * len(LOSSES), flush=True)
    untrained: dict[str, str] = {}
    for network in NETWORKS:
        cells = []
        for loss in LOSSES:
            rows = rows_of(table.evaluation(network, loss))
            cells.append(cell(rows[0]))
            for row in rows[1:]:
                name = row["descriptor"]
                if name == "random network":
                    name = f"random {network}"
                untrained.setdefault(name, cell(row))
        print(f"| {network} | " + " | ".join(cells) + " |", flush=True)
    print("\n| learned nothing of it | |\n| --- | --- |")
    for name, figure in untrained.items():
        print(f"| {name} | {figure} |")


if __name__ == "__main__":
    main()
