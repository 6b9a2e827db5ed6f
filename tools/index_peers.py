#!/usr/bin/env python3
"""Measures other libraries' HNSW for compare_index_peers.py, in whose virtual
environment it runs.

    index_peers.py FOLDER --vectors N --m M --ef-construction EF [--peer NAME]...

Builds the indexes, says "ready", and for every line of standard input measures
each once and says "done". Prints one JSON object a line, as `likeness bench`
does.
"""

import argparse
import json
import pathlib
import sys
import time

import numpy

K = 10
EFS = [10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 64, 80, 100, 128, 160, 200, 256, 400]
ENOUGH_RECALL = 0.998
LEAST_GAIN = 0.0001
# Filtered searches: shares of the rows that pass, as in `likeness bench index`.
SHARES = [1.0, 0.5, 0.2, 0.1, 0.01, 0.001]
FILTERED_EFS = [16, 32, 64, 128, 256, 512, 1024]
FILTERED_QUERIES = 200
FILTERED_RECALL = 0.99


class Faiss:
    def __init__(self, base, m, ef_construction):
        import faiss

        faiss.omp_set_num_threads(1)
        metric = faiss.METRIC_INNER_PRODUCT
        self.faiss = faiss
        self.index = faiss.IndexHNSWFlat(base.shape[1], m, metric)
        self.index.hnsw.efConstruction = ef_construction
        self.index.add(base)

    def search(self, queries, ef):
        self.index.hnsw.efSearch = ef
        return self.index.search(queries, K)[1]

    def selector(self, allowed):
        bits = numpy.packbits(allowed, bitorder="little")
        return self.faiss.IDSelectorBitmap(bits)

    def search_filtered(self, queries, ef, selector):
        params = self.faiss.SearchParametersHNSW(sel=selector, efSearch=ef)
        return self.index.search(queries, K, params=params)[1]

    # Exact, over the same rows.
    def scan_filtered(self, queries, selector):
        flat = self.faiss.downcast_index(self.index.storage)
        params = self.faiss.SearchParameters(sel=selector)
        return flat.search(queries, K, params=params)[1]


class Hnswlib:
    def __init__(self, base, m, ef_construction):
        import hnswlib

        self.index = hnswlib.Index(space="ip", dim=base.shape[1])
        self.index.init_index(len(base), ef_construction=ef_construction, M=m)
        self.index.add_items(base, num_threads=1)

    def search(self, queries, ef):
        self.index.set_ef(ef)
        return self.index.knn_query(queries, k=K, num_threads=1)[0]

    def selector(self, allowed):
        passes = allowed.tolist()  # Faster to ask than an array.
        return lambda label: passes[label]

    # A query of which fewer than K are found ends with an error.
    def search_filtered(self, queries, ef, selector):
        self.index.set_ef(ef)
        found = numpy.full((len(queries), K), -1)
        for row, query in zip(found, queries, strict=True):
            try:
                labels, _ = self.index.knn_query(
                    query, k=K, num_threads=1, filter=selector
                )
            except RuntimeError:
                continue
            row[:] = labels[0]
        return found


class Usearch:
    def __init__(self, base, m, ef_construction, dtype="f32"):
        from usearch.index import Index

        self.index = Index(
            ndim=base.shape[1], metric="ip", dtype=dtype, connectivity=m,
            expansion_add=ef_construction,
        )  # fmt: skip
        self.index.add(numpy.arange(len(base)), base, threads=1)

    def search(self, queries, ef):
        self.index.expansion_search = ef
        return self.index.search(queries, K, threads=1).keys


class UsearchInt8(Usearch):
    def __init__(self, base, m, ef_construction):
        super().__init__(base, m, ef_construction, "i8")


SCANNER = "faiss-cpu float32"
MAKERS = {
    SCANNER: Faiss,
    "hnswlib float32": Hnswlib,
    "usearch float32": Usearch,
    "usearch int8": UsearchInt8,
}


def report(name, metric, value, unit, **more):
    line = {"bench": "index_peers", "metric": metric, "value": value, "unit": unit}
    print(json.dumps({**line, "index": name, **more}), flush=True)


def share_found(found, truth):
    """Of the wanted neighbours; a truth below 0 wants none."""
    wanted = truth >= 0
    hits = (found[:, None, :] == truth[:, :, None]).any(axis=2) & wanted
    return float(hits.sum()) / max(1, int(wanted.sum()))


def timed(search, queries, *how):
    """The answers, and queries a second of processor time."""
    begin = time.process_time()
    found = search(queries, *how)
    return found, len(queries) / (time.process_time() - begin)


def measure_curve(name, index, queries, truth):
    before = 0.0
    for ef in EFS:
        found, speed = timed(index.search, queries, ef)
        recall = share_found(found.astype("i8"), truth)
        report(
            name, "queries", speed, "queries/s",
            ef_search=ef, recall=recall, per_cpu_second=speed,
        )  # fmt: skip
        # Codes that are not scored again reach no further.
        if recall >= ENOUGH_RECALL or recall < before + LEAST_GAIN:
            break
        before = recall


def measure_filtered(indexes, queries, random):
    """Rows are drawn anew for each share; FAISS's scan says what is right."""
    scanner = indexes.get(SCANNER)
    if scanner is None:
        return
    queries = queries[:FILTERED_QUERIES]
    for share in SHARES:
        allowed = random.random(scanner.index.ntotal) < share
        selector = scanner.selector(allowed)
        truth, speed = timed(scanner.scan_filtered, queries, selector)
        report(
            "faiss-cpu scan", "filtered_query", 1e6 / speed, "us of processor time",
            allowed=share, recall=1.0,
        )  # fmt: skip
        for name, index in indexes.items():
            if not hasattr(index, "search_filtered"):
                continue
            selector = index.selector(allowed)
            for ef in FILTERED_EFS:
                found, speed = timed(index.search_filtered, queries, ef, selector)
                recall = share_found(found, truth)
                report(
                    name, "filtered_query", 1e6 / speed, "us of processor time",
                    allowed=share, recall=recall, ef_search=ef,
                )  # fmt: skip
                if recall >= FILTERED_RECALL:
                    break


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--vectors", type=int, required=True)
    parser.add_argument("--m", type=int, required=True)
    parser.add_argument("--ef-construction", type=int, required=True)
    parser.add_argument("--peer", action="append", choices=MAKERS)
    options = parser.parse_args()

    base = numpy.fromfile(options.folder / "base.f32", dtype="f4")
    base = base.reshape(options.vectors, -1)
    queries = numpy.fromfile(options.folder / "queries.f32", dtype="f4")
    queries = queries.reshape(-1, base.shape[1])
    truth = numpy.fromfile(options.folder / "truth.u32", dtype="u4")
    truth = truth.reshape(-1, K).astype("i8")
    random = numpy.random.default_rng(1)
    indexes = {}
    for name in options.peer or MAKERS:
        begin = time.process_time()
        try:
            indexes[name] = MAKERS[name](base, options.m, options.ef_construction)
        except ImportError:
            continue
        report(name, "build", time.process_time() - begin, "s")
    print("ready", flush=True)
    while sys.stdin.readline():
        for name, index in indexes.items():
            measure_curve(name, index, queries, truth)
        measure_filtered(indexes, queries, random)
        print("done", flush=True)


if __name__ == "__main__":
    main()
