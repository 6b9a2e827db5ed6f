#!/usr/bin/env python3
"""What networks and losses make of Omniglot, in tables.

    omniglot_table.py PROGRAM DATA OUT --start IMAGENET [--steps N]
                      [--seeds S ...] [--workers N]

PROGRAM is the likeness program, DATA the folder that holds omniglot/, OUT a
folder for what is trained, IMAGENET the bundle that lite0 begins with (the other
networks begin at random). Prints Markdown.

The first table has recipes/omniglot-conv4.json as it is, trained once for each
seed, which also chooses the alphabet that is set apart. In the second each row
is a network, trained by that recipe with its own `network` member and, in turn,
the contrastive and the triplet loss: the same data, split, views, batches and
number of steps for all.

The figures are accuracies of 20-way one-shot recognition within an alphabet that
the training did not see, examples by one drawer and queries by another, the
nearest example decides; in brackets 1.96 standard errors over episodes to each
side. Nothing is chosen by that alphabet: the last weights are judged. Beside the
trained stand the descriptors that learned nothing of it.

Interrupted, the same command goes on where it stopped.
"""

import argparse
import json
import pathlib

from trainings import Trainings, in_percent, read_recipe

RECIPE = pathlib.Path(__file__).parent.parent / "recipes" / "omniglot-conv4.json"

NETWORKS = {
    "conv4": {"architecture": "conv4"},
    "lstm": {"architecture": "lstm"},
    "cnn_lstm": {"architecture": "cnn_lstm"},
    "lite0": {
        "architecture": "efficientnet_lite0",
        "frozen_stages": 6,
        "side": 96,
        "train_side": 96,
        "piece": 30,
    },
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
    recipe = read_recipe(RECIPE)
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


def test_classes(trainings: Trainings, bundle: pathlib.Path) -> list[str]:
    return json.loads(trainings.split_of(bundle, "omniglot").read_text())["test"]


def one_shot(trainings: Trainings, bundle: pathlib.Path) -> list[dict]:
    """The bundle's row and those of what it has to beat."""
    # Without the training side nothing is fitted to it, and it isn't described.
    judged = bundle.with_name(bundle.name + ".judged.json")
    test = test_classes(trainings, bundle)
    judged.write_text(json.dumps({"train": [], "validation": [], "test": test}))
    evaluation = trainings.evaluate(
        bundle,
        "one-shot",
        *("--data", trainings.data / "omniglot", "--task", "one-shot"),
        *("--ways", 20, "--two-drawers", "--on", "test"),
        *("--split", judged),
    )
    tables = {table["name"]: table for table in evaluation["tables"]}
    return tables["within_group"]["rows"]


def cell(row: dict) -> str:
    return in_percent(row["figures"]["nearest"])


def print_seeds(trainings: Trainings, seeds: list[int]) -> None:
    """The recipe as it is, on the alphabet that each seed sets apart."""
    recipe = read_recipe(RECIPE)
    rows = {}
    alphabets = []
    for seed in seeds:
        bundle = trainings.train(
            *(recipe, f"{recipe['name']}-seed-{seed}"),
            *("--seed", seed, "--split-seed", seed),
        )
        of = {name.split("/")[0] for name in test_classes(trainings, bundle)}
        alphabets.append(f"seed {seed}: {', '.join(sorted(of))}")
        for row in one_shot(trainings, bundle):
            rows.setdefault(row["descriptor"], []).append(cell(row))
    print_row("", *alphabets)
    print_row("---", *("---" for _ in seeds))
    for name, cells in rows.items():
        print_row(name, *cells)
    print()


def print_networks(trainings: Trainings, start: pathlib.Path, steps: int) -> None:
    """Every network with every loss."""
    print_row(f"{steps} steps", *LOSSES, "random network")
    print_row("---", *("---" for _ in LOSSES), "---")
    for network in NETWORKS:
        cells = []
        for loss in LOSSES:
            recipe = recipe_for(network, loss, steps)
            bundle = trainings.train(
                recipe, f"{recipe['name']}-{steps}", "--start", start
            )
            rows = one_shot(trainings, bundle)
            cells.append(cell(rows[0]))
        print_row(network, *cells, cell(rows[1]))


def print_row(*cells: str) -> None:
    print("|", " | ".join(cells), "|", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program", type=str)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--start", type=pathlib.Path, required=True)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2, 3])
    parser.add_argument("--workers", type=int, default=0)
    arguments = parser.parse_args()
    trainings = Trainings(
        *(arguments.program, arguments.data, arguments.out),
        always=("--workers", arguments.workers, "--quiet"),
    )
    if arguments.seeds:
        print_seeds(trainings, arguments.seeds)
    print_networks(trainings, arguments.start, arguments.steps)


if __name__ == "__main__":
    main()
