#!/usr/bin/env python3
"""Trains a recipe several times and tells what it is worth on unseen classes.

One run for each seed, judged on the test classes of that seed's split; then one
run for each set of data that is left out of training altogether, judged on all
of that set. Every model stands beside the frozen network with the same pooling,
reduced to the same dimensions. Prints Markdown. What is finished is kept in
--work and not done again, so that the same command goes on after an
interruption.

    tools/judge_recipe.py --recipe recipes/likeness-v1.json --data DIR \\
        --work DIR --seeds 1 2 3 --judge grocery --without clothing stamps
"""

import argparse
import json
import pathlib
import sys

from trainings import Trainings, in_percent, read_recipe


def without(recipe, name):
    """The recipe without the set called `name`, and all that needs it."""
    recipe = json.loads(json.dumps(recipe))
    recipe["name"] += "-without-" + name
    recipe["data"] = [d for d in recipe["data"] if d["name"] != name]
    streams = [s["name"] for s in recipe["streams"] if s["data"] != name]
    recipe["streams"] = [s for s in recipe["streams"] if s["data"] != name]
    losses = []
    for loss in recipe["losses"]:
        if loss.get("streams"):
            loss["streams"] = [s for s in loss["streams"] if s in streams]
            if not loss["streams"]:
                continue
        losses.append(loss)
    recipe["losses"] = losses
    keep = recipe.get("keep", {})
    if keep.get("streams"):
        keep["streams"] = [s for s in keep["streams"] if s in streams]
    sets = recipe.get("validation", {}).get("sets", [])
    if sets:
        recipe["validation"]["sets"] = [s for s in sets if s["data"] != name]
    return recipe


class Judge:
    def __init__(self, flags):
        self.flags = flags
        self.recipe = read_recipe(flags.recipe)
        self.trainings = Trainings(
            flags.likeness, flags.data, pathlib.Path(flags.work))

    def path_of(self, name):
        for data in self.recipe["data"]:
            if data["name"] == name:
                return str(pathlib.Path(self.flags.data) / data["path"])
        sys.exit(f"judge_recipe.py: {self.flags.recipe} has no data {name!r}")

    def train(self, recipe, name, seed):
        """The bundle of `recipe` trained with this seed."""
        return self.trainings.train(
            recipe, name, "--start", self.flags.start, "--seed", seed,
            "--split-seed", seed)

    def evaluate(self, bundle, name, *arguments):
        return self.trainings.evaluate(
            bundle, name, "--task", "retrieval", "--frozen", self.flags.start,
            *arguments)

    def split(self, bundle):
        return self.trainings.split_of(bundle, self.flags.judge)


def print_table(title, document, columns):
    for table in document["tables"]:
        present = [c for c in columns if c in table["rows"][0]["figures"]]
        counts = ", ".join(f"{n} {k.replace('_', ' ')}"
                           for k, n in table["counts"].items())
        print(f"\n**{title}: {table['heading'].lower()}** ({counts})\n")
        print("| descriptor | dimensions |", " | ".join(present), "|")
        print("| --- | --- |" + " --- |" * len(present))
        for row in table["rows"]:
            cells = [in_percent(row["figures"][c]) for c in present]
            print(f"| {row['descriptor']} | {row['dimensions']} |",
                  " | ".join(cells), "|")
    sys.stdout.flush()


def gains(document):
    """Model less reduced frozen network, by table and column, in points."""
    result = {}
    for table in document["tables"]:
        model = table["rows"][0]
        frozen = [r for r in table["rows"][1:]
                  if r["descriptor"].startswith("frozen")
                  and r["dimensions"] == model["dimensions"]]
        if not frozen:
            continue
        for column, value in model["figures"].items():
            result[(table["name"], column)] = 100 * (
                value["value"] - frozen[0]["figures"][column]["value"])
    return result


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipe", required=True)
    parser.add_argument("--data", required=True,
                        help="what the recipe's paths are relative to")
    parser.add_argument("--work", required=True, help="kept between calls")
    parser.add_argument("--start", required=True,
                        help="bundle of the frozen ImageNet network")
    parser.add_argument("--judge", required=True,
                        help="set whose test classes are judged")
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2, 3])
    parser.add_argument("--without", nargs="*", default=[],
                        help="sets to leave out, one run each")
    parser.add_argument("--likeness", default="build/release/bin/likeness")
    flags = parser.parse_args()
    judge = Judge(flags)
    columns = ["map_at_r", "recall_at_1", "recall_at_5"]
    by_seed = []
    for seed in flags.seeds:
        bundle = judge.train(judge.recipe, f"seed-{seed}", seed)
        document = judge.evaluate(
            bundle, "retrieval", "--data", judge.path_of(flags.judge),
            "--split", judge.split(bundle))
        print_table(f"{flags.judge}, seed {seed}", document, columns)
        by_seed.append(gains(document))
    if by_seed:
        print(f"\n**{flags.judge}: points above the frozen network, by seed**\n")
        for key in by_seed[0]:
            values = [g[key] for g in by_seed]
            print(f"- {' '.join(key)}: mean {sum(values) / len(values):+.1f} (",
                  ", ".join(f"{v:+.1f}" for v in values), ")", sep="")
        sys.stdout.flush()
    for name in flags.without:
        bundle = judge.train(without(judge.recipe, name), f"without-{name}",
                             flags.seeds[0] if flags.seeds else 1)
        document = judge.evaluate(bundle, "left-out", "--data",
                                  judge.path_of(name), "--on", "all")
        print_table(f"{name}, left out of training", document, columns)


if __name__ == "__main__":
    main()
