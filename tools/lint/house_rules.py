#!/usr/bin/env python3
"""Checks what no compiler does: sizes, include guards, arrows between rooms,
where LibTorch, FAISS and gRPC may be seen, and machine paths.

Usage: tools/lint/house_rules.py [ROOT]

The rooms and their arrows are those of docs/architecture.md.
"""

import pathlib
import re
import subprocess
import sys

MAX_LINES = {".h": 150, ".cc": 300, ".py": 300, ".sh": 300}

# What each room may include directly; what those include follows.
ARROWS = {
    "engine/core": [],
    "engine/report": ["engine/core"],
    "engine/image": ["engine/core"],
    "engine/dataset": ["engine/image"],
    "engine/augment": ["engine/image"],
    "engine/embed": ["engine/image"],
    "engine/keypoints": ["engine/image"],
    "engine/filter": ["engine/core"],
    "engine/index": ["engine/core"],
    "engine/store": ["engine/core", "likeness/storage"],
    "engine/collection": ["engine/filter", "engine/index", "engine/store"],
    "engine/train": ["engine/evaluate"],
    "engine/evaluate": [
        "engine/embed", "engine/keypoints", "engine/dataset", "engine/augment",
        "engine/report",
    ],
    "indexer": ["engine/embed", "engine/collection"],
    "server": ["indexer", "likeness/v1"],
    "tools": [
        "server", "engine/train", "engine/evaluate", "engine/filter",
    ],
}

# Libraries that only some rooms may see, and whether the rest of the tree may
# include a header of such a room that includes them.
LIBRARIES = {
    "LibTorch": (r"(torch|ATen|c10)/", ["engine/embed", "engine/train"], False),
    "FAISS": (r"faiss/", ["engine/index"], False),
    "CRoaring": (r"roaring/", ["engine/filter"], False),
    "OpenCV": (r"opencv2/", ["engine/keypoints"], False),
    "gRPC": (r"(grpc|grpcpp)/", ["server", "tools", "tests"], True),
}

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)
# The view dies before the loop begins; GCC 12 says nothing.
DANGLING_LOOP = re.compile(r"\bfor\s*\([^;{}]*?:[^;{}]*?\bCurrent\(\)\s*->")
MACHINE_PATH = re.compile(r"(?<![\w./$}-])/(home|root|work|opt|Users)/\w")


def room_of(path):
    for room in [*ARROWS, "tests", "likeness/storage", "likeness/v1"]:
        if path.startswith(room + "/"):
            return room
    return None


def tested_room(path):
    """The room whose mirror in tests/unit a path is in, if it is in one."""
    prefix = "tests/unit/"
    return room_of("engine/" + path[len(prefix):]) if path.startswith(prefix) else None


def reach(room):
    """The room itself and all that its arrows lead to."""
    found = {room}
    for other in ARROWS.get(room, []):
        found |= reach(other)
    return found


def private_headers(includes, pattern):
    """Headers that include a library's, themselves or through another."""
    private = set()
    grown = True
    while grown:
        grown = False
        for path, names in includes.items():
            if path in private or not path.endswith(".h"):
                continue
            if any(re.match(pattern, n) or n in private for n in names):
                private.add(path)
                grown = True
    return private


def check_arrows(includes):
    for path, names in includes.items():
        room = room_of(path)
        if room is None or room == "tests":
            continue
        allowed = reach(room)
        for name in names:
            other = room_of(name)
            if other is not None and other not in allowed:
                yield f"{path}: {room} may not include {name}"


def check_libraries(includes):
    for library, (pattern, rooms, open_headers) in LIBRARIES.items():
        private = set() if open_headers else private_headers(includes, pattern)
        for path, names in includes.items():
            if room_of(path) in rooms or tested_room(path) in rooms:
                continue
            for name in names:
                if re.match(pattern, name):
                    yield f"{path}: {library} stays inside {', '.join(rooms)}"
                if name in private and not path.startswith("tests/"):
                    yield f"{path}: {name} brings {library}'s headers along"


def check_file(path, text):
    lines = text.count("\n")
    limit = MAX_LINES.get(pathlib.Path(path).suffix)
    if limit is not None and lines > limit:
        yield f"{path}: {lines} lines, at most {limit}"
    if path.endswith(".h"):
        guard = "LIKENESS_" + re.sub(r"[/.]", "_", path).upper() + "_"
        if f"#ifndef {guard}\n#define {guard}\n" not in text:
            yield f"{path}: include guard is not {guard}"
    if path.endswith((".cc", ".h")) and DANGLING_LOOP.search(text):
        yield f"{path}: a loop over a part of Current() needs a variable to keep it"
    for number, line in enumerate(text.splitlines(), 1):
        if MACHINE_PATH.search(line) and not line.startswith("#!"):
            yield f"{path}:{number}: path of one machine: {line.strip()}"


def main():
    root = pathlib.Path(sys.argv[1] if sys.argv[1:] else ".").resolve()
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=root, check=True, capture_output=True, text=True,
    )  # fmt: skip
    problems = []
    includes = {}
    for path in listing.stdout.splitlines():
        if not (root / path).is_file():
            continue
        try:
            text = (root / path).read_text()
        except UnicodeDecodeError:
            continue
        problems += check_file(path, text)
        if path.endswith((".h", ".cc")):
            includes[path] = INCLUDE.findall(text)
    problems += check_arrows(includes)
    problems += check_libraries(includes)
    for problem in sorted(problems):
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
