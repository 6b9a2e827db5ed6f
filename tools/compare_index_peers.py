#!/usr/bin/env python3
"""Sealed indexes beside other libraries' HNSW, in one table.

    compare_index_peers.py PROGRAM FOLDER [--vectors N | --embeddings FILE.npy]
                           [--rounds N] [--peer NAME]...

PROGRAM is the likeness program. FOLDER (made when it is missing) keeps the
vectors, all indexes of ours, and a virtual environment with the peers: the
pinned faiss-cpu, hnswlib and usearch. A peer that can't be installed (hnswlib
is built from its sources and needs Python's headers) is left out, with a word.

All get the vectors, queries and exact answers of `likeness bench index`, or with
--embeddings those of a file that `likeness embed` wrote (1,000 of them, drawn by
a fixed seed, are the queries and not in the index). M and
efConstruction are the same, one thread searches, and k is 10. Speed is queries
a second of processor time, the median of the rounds, in which the libraries
take turns: so other work on the machine changes it little. Between measured
efSearch the logarithm of the speed is interpolated at the recall asked for; a
curve that begins above it counts with its first point.
Searches of which only some rows may be answered are a second table: FAISS gets
a bitmap as its ID selector, hnswlib a callback. Each peer's efSearch is the
first that reaches recall .99, or the largest tried; ours is left to the index.
Prints one JSON object a line (`likeness bench` does so too), then the tables.
"""

import argparse
import ast
import collections
import json
import math
import pathlib
import random
import statistics
import subprocess
import sys

PEERS = {
    "faiss-cpu": "faiss-cpu==1.15.1",
    "hnswlib": "hnswlib==0.8.0",
    "usearch": "usearch==2.25.3",
}
M = 32
EF_CONSTRUCTION = 100
QUERIES = 1000  # As many as `likeness bench index` asks.
TARGETS = [0.90, 0.95, 0.99]
BASELINE = "faiss-cpu float32"


def install(folder):
    """Makes FOLDER/venv and returns its Python."""
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    for name, requirement in PEERS.items():
        made = subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "numpy", requirement],
            check=False,
            stdout=sys.stderr,
        )
        if made.returncode != 0:
            print(f"{name} can't be installed and is left out", file=sys.stderr)
    return python


def read_npy(path):
    """Rows of a float32 file of NumPy's format 1.0, as bytes, and their width."""
    contents = path.read_bytes()
    if contents[:8] != b"\x93NUMPY\x01\x00":
        sys.exit(f"{path} is no NumPy file of version 1.0")
    begin = 10 + int.from_bytes(contents[8:10], "little")
    header = ast.literal_eval(contents[10:begin].decode("latin1"))
    if header["descr"] != "<f4" or header["fortran_order"] or len(header["shape"]) != 2:
        sys.exit(f"{path} does not hold rows of float32: {header}")
    rows, width = header["shape"]
    size = 4 * width
    starts = range(begin, begin + rows * size, size)
    return [contents[start : start + size] for start in starts], width


def keep_embeddings(path, folder):
    """Puts them where `likeness bench index` looks; returns count and width."""
    rows, width = read_npy(path)
    if len(rows) < 2 * QUERIES:
        sys.exit(f"{path} has {len(rows)} rows; {2 * QUERIES} are the least")
    random.Random(1).shuffle(rows)
    folder.joinpath("queries.f32").write_bytes(b"".join(rows[:QUERIES]))
    folder.joinpath("base.f32").write_bytes(b"".join(rows[QUERIES:]))
    return len(rows) - QUERIES, width


class Curves:
    """Speeds of every index by (efSearch, recall), over all rounds."""

    def __init__(self):
        self.speeds = collections.defaultdict(lambda: collections.defaultdict(list))

    def add(self, record):
        name = index_name(record)
        effort = record.get("ef_search") or record["nprobe"]
        point = (effort, record["recall"])
        self.speeds[name][point].append(record["per_cpu_second"])

    def at(self, name, target):
        """Queries a second at a recall; None where the curve has none."""
        points = sorted(
            (recall, statistics.median(speeds))
            for (_, recall), speeds in self.speeds[name].items()
        )
        if not points or points[-1][0] < target:
            return None
        above = next(i for i, point in enumerate(points) if point[0] >= target)
        if above == 0:
            return points[0][1]
        (low, slow), (high, fast) = points[above - 1], points[above]
        part = (target - low) / (high - low)
        return math.exp(math.log(slow) * (1 - part) + math.log(fast) * part)

    def table(self):
        heads = "".join(f" at {target:.2f} | ratio |" for target in TARGETS)
        yield "| queries/s |" + heads
        yield "| --- |" + " ---: | ---: |" * len(TARGETS)
        for name in self.speeds:
            cells = ""
            for target in TARGETS:
                speed, peer = self.at(name, target), self.at(BASELINE, target)
                cells += f" {speed:,.0f} |" if speed else " - |"
                cells += f" {speed / peer:.2f} |" if speed and peer else " - |"
            yield f"| {name} |" + cells


class Filtered:
    """The last filtered search of every index at every share, by rounds."""

    def __init__(self):
        self.rounds = collections.defaultdict(lambda: collections.defaultdict(list))

    def add(self, record):
        """Another efSearch of the same round takes the place of the one before."""
        name = index_name(record)
        points = self.rounds[record["allowed"]][name]
        if points and record.get("ef_search", 0) > points[-1].get("ef_search", 0):
            points.pop()
        points.append(record)

    def table(self):
        yield "| rows allowed | index | recall@10 | queries/s |"
        yield "| ---: | --- | ---: | ---: |"
        for share, indexes in sorted(self.rounds.items(), reverse=True):
            for name, points in indexes.items():
                recall = statistics.median(point["recall"] for point in points)
                speed = 1e6 / statistics.median(point["value"] for point in points)
                exact = points[-1].get("exact", 0) == 1
                way = ", all allowed scored" if exact else ""
                yield f"| {share:.1%} | {name}{way} | {recall:.3f} | {speed:,.0f} |"


def index_name(record):
    kind = "ivf " if record.get("kind") == "ivf" else ""
    return record.get("index") or f"likeness {kind}{record['code']}"


def lines_until(word, peers):
    for line in peers.stdout:
        if line.strip() == word:
            return
        yield line
    sys.exit(f'the peers ended before they said "{word}"; see above')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--vectors", type=int, default=200_000)
    parser.add_argument("--embeddings", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--peer", action="append", help="such as 'faiss-cpu float32'; all without"
    )
    options = parser.parse_args()

    options.folder.mkdir(parents=True, exist_ok=True)
    python = install(options.folder)
    vectors, width = options.vectors, 256
    if options.embeddings:
        vectors, width = keep_embeddings(options.embeddings, options.folder)
    setup = [
        "--vectors", str(vectors),
        "--m", str(M), "--ef-construction", str(EF_CONSTRUCTION),
    ]  # fmt: skip
    ours = [options.program, "bench", "index", *setup, "--folder", options.folder]
    ours += ["--dimensions", str(width)]
    # Makes the data and our indexes; what it measures counts for nothing.
    subprocess.run([*ours, "--seconds", "0.01"], check=True, stdout=sys.stderr)
    curves = Curves()
    filtered = Filtered()
    kinds = {"queries": curves, "filtered_query": filtered}

    def take(line):
        print(line, end="", flush=True)
        record = json.loads(line)
        if record["metric"] in kinds:
            kinds[record["metric"]].add(record)

    program = pathlib.Path(__file__).with_name("index_peers.py")
    inside = [python, program, options.folder, *setup]
    inside += [part for name in options.peer or [] for part in ("--peer", name)]
    with subprocess.Popen(
        inside, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as peers:
        for line in lines_until("ready", peers):
            take(line)
        for _ in range(options.rounds):
            run = subprocess.run(ours, check=True, stdout=subprocess.PIPE, text=True)
            for line in run.stdout.splitlines(keepends=True):
                take(line)
            peers.stdin.write("\n")
            peers.stdin.flush()
            for line in lines_until("done", peers):
                take(line)
        peers.stdin.close()
    print("\n".join([*curves.table(), "", *filtered.table()]))


if __name__ == "__main__":
    main()
