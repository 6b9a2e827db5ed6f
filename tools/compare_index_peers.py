#!/usr/bin/env python3
"""Sealed indexes beside other libraries' HNSW, in one table.

    compare_index_peers.py PROGRAM FOLDER [--vectors N] [--rounds N]

PROGRAM is the likeness program. FOLDER (made when it is missing) keeps the
vectors, all indexes of ours, and a virtual environment with the peers: the
pinned faiss-cpu, hnswlib and usearch. A peer that can't be installed (hnswlib
is built from its sources and needs Python's headers) is left out, with a word.

All get the vectors, queries and exact answers of `likeness bench index`, M and
efConstruction are the same, one thread searches, and k is 10. Speed is queries
a second of processor time, the median of the rounds, in which the libraries
take turns: so other work on the machine changes it little. Between measured
efSearch the logarithm of the speed is interpolated at the recall asked for; a
curve that begins above it counts with its first point.
Prints one JSON object a line (`likeness bench` does so too), then a table.
"""

import argparse
import collections
import json
import math
import pathlib
import statistics
import subprocess
import sys
import time

PEERS = {
    "faiss-cpu": "faiss-cpu==1.15.1",
    "hnswlib": "hnswlib==0.8.0",
    "usearch": "usearch==2.25.3",
}
M = 32
EF_CONSTRUCTION = 100
K = 10
EFS = [10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 64, 80, 100, 128, 160, 200, 256, 400]
ENOUGH_RECALL = 0.998
LEAST_GAIN = 0.0001
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


class Faiss:
    def __init__(self, base):
        import faiss

        faiss.omp_set_num_threads(1)
        metric = faiss.METRIC_INNER_PRODUCT
        self.index = faiss.IndexHNSWFlat(base.shape[1], M, metric)
        self.index.hnsw.efConstruction = EF_CONSTRUCTION
        self.index.add(base)

    def search(self, queries, ef):
        self.index.hnsw.efSearch = ef
        return self.index.search(queries, K)[1]


class Hnswlib:
    def __init__(self, base):
        import hnswlib

        self.index = hnswlib.Index(space="ip", dim=base.shape[1])
        self.index.init_index(len(base), ef_construction=EF_CONSTRUCTION, M=M)
        self.index.add_items(base, num_threads=1)

    def search(self, queries, ef):
        self.index.set_ef(ef)
        return self.index.knn_query(queries, k=K, num_threads=1)[0]


class Usearch:
    def __init__(self, base, dtype="f32"):
        import numpy
        from usearch.index import Index

        self.index = Index(
            ndim=base.shape[1], metric="ip", dtype=dtype, connectivity=M,
            expansion_add=EF_CONSTRUCTION,
        )  # fmt: skip
        self.index.add(numpy.arange(len(base)), base, threads=1)

    def search(self, queries, ef):
        self.index.expansion_search = ef
        return self.index.search(queries, K, threads=1).keys


class UsearchInt8(Usearch):
    def __init__(self, base):
        super().__init__(base, "i8")


MAKERS = {
    "faiss-cpu float32": Faiss,
    "hnswlib float32": Hnswlib,
    "usearch float32": Usearch,
    "usearch int8": UsearchInt8,
}


def measure_peers(folder, vectors, rounds):
    """Runs inside the virtual environment; prints a line for each measurement."""
    import numpy

    base = numpy.fromfile(folder / "base.f32", dtype="f4").reshape(vectors, -1)
    queries = numpy.fromfile(folder / "queries.f32", dtype="f4")
    queries = queries.reshape(-1, base.shape[1])
    truth = numpy.fromfile(folder / "truth.u32", dtype="u4").reshape(-1, K)
    indexes = {}
    for name, make in MAKERS.items():
        begin = time.process_time()
        try:
            indexes[name] = make(base)
        except ImportError:
            continue
        report(name, "build", time.process_time() - begin, "s")
    print("ready", flush=True)
    for _ in range(rounds):
        sys.stdin.readline()
        for name, index in indexes.items():
            before = 0.0
            for ef in EFS:
                begin = time.process_time()
                found = index.search(queries, ef)
                speed = len(queries) / (time.process_time() - begin)
                hits = (found[:, :, None] == truth[:, None, :]).any(axis=2).sum()
                recall = float(hits) / truth.size
                report(
                    name, "queries", speed, "queries/s",
                    ef_search=ef, recall=recall, per_cpu_second=speed,
                )  # fmt: skip
                # Codes that are not scored again reach no further.
                if recall >= ENOUGH_RECALL or recall < before + LEAST_GAIN:
                    break
                before = recall
        print("done", flush=True)


def report(name, metric, value, unit, **more):
    line = {"bench": "index_peers", "metric": metric, "value": value, "unit": unit}
    print(json.dumps({**line, "index": name, **more}), flush=True)


class Curves:
    """Speeds of every index by (efSearch, recall), over all rounds."""

    def __init__(self):
        self.speeds = collections.defaultdict(lambda: collections.defaultdict(list))

    def add(self, line):
        print(line, end="", flush=True)
        record = json.loads(line)
        if record["metric"] != "queries":
            return
        name = record.get("index") or "likeness " + record["code"]
        point = (record["ef_search"], record["recall"])
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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--vectors", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        return measure_peers(options.folder, options.vectors, options.rounds)

    options.folder.mkdir(parents=True, exist_ok=True)
    python = install(options.folder)
    ours = [
        options.program, "bench", "index", "--vectors", str(options.vectors),
        "--m", str(M), "--ef-construction", str(EF_CONSTRUCTION),
        "--folder", str(options.folder),
    ]  # fmt: skip
    # Makes the data and our indexes; what it measures counts for nothing.
    subprocess.run([*ours, "--seconds", "0.01"], check=True, stdout=sys.stderr)
    curves = Curves()
    inside = [python, __file__, options.program, options.folder, "--inside"]
    inside += ["--vectors", str(options.vectors), "--rounds", str(options.rounds)]
    with subprocess.Popen(
        inside, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as peers:
        for line in iter(peers.stdout.readline, "ready\n"):
            curves.add(line)
        for _ in range(options.rounds):
            run = subprocess.run(ours, check=True, stdout=subprocess.PIPE, text=True)
            for line in run.stdout.splitlines(keepends=True):
                curves.add(line)
            peers.stdin.write("\n")
            peers.stdin.flush()
            for line in iter(peers.stdout.readline, "done\n"):
                curves.add(line)
    print("\n".join(curves.table()))


if __name__ == "__main__":
    main()
