#!/usr/bin/env python3
"""Runs clang-tidy, and clang's thread-safety analysis, over the sources.

Usage: tools/lint/tidy.py BUILD_FOLDER CACHE_FOLDER [PATH_PART]...

A file found clean is not checked again until it, one of the headers of ours
that it includes, its flags, the configuration or a tool changes: its hash is
kept in CACHE_FOLDER. PATH_PART restricts the run to sources whose path has it.
Tests are left to the compilers' warnings: they would double the time.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
TIDY = "clang-tidy-19"
INCLUDE = re.compile(rb'^\s*#\s*include\s*["<]([^">]+)[">]', re.MULTILINE)
EXTRA_ARGUMENTS = [
    "-Wthread-safety",
    "-Wno-unknown-warning-option",
    "-Wno-unused-command-line-argument",
]


class Hasher:
    """Hashes a source with everything of ours that it includes."""

    def __init__(self, build):
        self.roots = [ROOT, build / "proto"]
        self.tools = hashlib.sha256()
        version = subprocess.run(
            [TIDY, "--version"], check=True, capture_output=True
        ).stdout
        for part in (
            version,
            (ROOT / ".clang-tidy").read_bytes(),
            (ROOT / "tools/setup/python_build.lock").read_bytes(),
            pathlib.Path(__file__).read_bytes(),
        ):
            self.tools.update(part)

    def closure(self, path, seen):
        """Adds {path: contents} of what `path` includes to `seen`."""
        if path in seen:
            return
        contents = seen[path] = path.read_bytes()
        for name in INCLUDE.findall(contents):
            for root in self.roots:
                candidate = root / name.decode()
                if candidate.is_file():
                    self.closure(candidate, seen)
                    break

    def key(self, entry):
        digest = self.tools.copy()
        flags = [part for part in arguments_of(entry) if not part.endswith(".o")]
        digest.update(" ".join(flags).replace(str(ROOT), "").encode())
        seen = {}
        self.closure(pathlib.Path(entry["file"]), seen)
        for path in sorted(seen):
            digest.update(seen[path])
        return digest.hexdigest()


def arguments_of(entry):
    """The compiler's arguments without precompiled headers, which are GCC's."""
    arguments = shlex.split(entry["command"])
    kept = []
    skip = False
    for position, argument in enumerate(arguments):
        following = arguments[position + 1 : position + 2]
        if skip:
            skip = False
        elif argument == "-include" and following[0].endswith("cmake_pch.hxx"):
            skip = True
        elif argument != "-Winvalid-pch":
            kept.append(argument)
    return kept


def write_database(entries, folder):
    """The compilation database that clang-tidy reads."""
    folder.mkdir(parents=True, exist_ok=True)
    database = [{**e, "command": shlex.join(arguments_of(e))} for e in entries]
    (folder / "compile_commands.json").write_text(json.dumps(database))


def check(entry, folder):
    command = [TIDY, "--quiet", "-p", str(folder)]
    command += [f"--extra-arg={argument}" for argument in EXTRA_ARGUMENTS]
    command.append(entry["file"])
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    return run.returncode == 0, run.stdout


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    cache = pathlib.Path(sys.argv[2])
    cache.mkdir(parents=True, exist_ok=True)
    parts = sys.argv[3:]

    entries = []
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = entry["file"]
        skipped = path.startswith((str(build), str(ROOT / "tests")))
        if not skipped and (not parts or any(part in path for part in parts)):
            entries.append(entry)
    hasher = Hasher(build)
    keys = {entry["file"]: hasher.key(entry) for entry in entries}
    stale = [e for e in entries if not (cache / keys[e["file"]]).exists()]
    database = build / "tidy"
    write_database(entries, database)

    started = time.monotonic()
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = {pool.submit(check, entry, database): entry for entry in stale}
        for run in concurrent.futures.as_completed(runs):
            clean, output = run.result()
            path = runs[run]["file"]
            if clean:
                (cache / keys[path]).touch()
            else:
                bad += 1
                print(output.replace(f"{ROOT}/", ""), end="", flush=True)
    seconds = time.monotonic() - started
    print(
        f"clang-tidy: {len(entries)} files, {len(stale)} checked in {seconds:.0f} s, "
        f"{bad} with findings",
        file=sys.stderr,
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
