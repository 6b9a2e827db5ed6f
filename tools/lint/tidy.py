#!/usr/bin/env python3
"""Runs clang-tidy, and clang's thread-safety analysis, over the sources.

Usage: tools/lint/tidy.py BUILD_FOLDER CACHE_FOLDER [PATH_PART]...

BUILD_FOLDER is one of the preset "lint", which compiles each file by itself and
without GCC's precompiled headers.

A file found clean is not checked again until it, one of the headers of ours
that it includes, its flags, the configuration or a tool changes: its hash is
kept in CACHE_FOLDER. PATH_PART restricts the run to sources whose path has it.
Tests are left to the compilers' warnings: they would double the time.

LIKENESS_TIDY_SECONDS, where it is set, is the time after which no further file
is begun. Files that changed last, themselves or in what they include, come
first; the rest is left to the next run.
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

    def key(self, entry, seen):
        """Hashes the entry with `seen`, its closure."""
        digest = self.tools.copy()
        flags = [p for p in shlex.split(entry["command"]) if not p.endswith(".o")]
        digest.update(" ".join(flags).replace(str(ROOT), "").encode())
        for path in sorted(seen):
            digest.update(seen[path])
        return digest.hexdigest()


def git(*arguments):
    """The lines that git prints; none where this is no clone."""
    command = ["git", "-C", str(ROOT), *arguments]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    return run.stdout.splitlines()


def change_ranks():
    """{path: how many commits ago it changed last}; 0 for what is not committed."""
    changed = git("diff", "--name-only", "HEAD")
    changed += git("ls-files", "--others", "--exclude-standard")
    ranks = {ROOT / name: 0 for name in changed}
    commits = 0
    for line in git("log", "--format=tformat:*", "--name-only"):
        if line == "*":
            commits += 1
        elif line:
            ranks.setdefault(ROOT / line, commits)
    return ranks


def check(entry, folder, deadline):
    """Whether the file is clean, and what was found; None when it is too late."""
    if time.monotonic() >= deadline:
        return None, ""
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
        generated = path.startswith(str(build))
        if not generated and (not parts or any(part in path for part in parts)):
            entries.append(entry)
    hasher = Hasher(build)
    ranks = change_ranks()
    keys = {}
    newest = {}
    for entry in entries:
        path = entry["file"]
        seen = {}
        hasher.closure(pathlib.Path(path), seen)
        keys[path] = hasher.key(entry, seen)
        newest[path] = min(ranks.get(part, len(ranks)) for part in seen)
    stale = [e for e in entries if not (cache / keys[e["file"]]).exists()]
    stale.sort(key=lambda e: newest[e["file"]])

    started = time.monotonic()
    deadline = started + float(os.environ.get("LIKENESS_TIDY_SECONDS") or "inf")
    bad = left = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = {pool.submit(check, entry, build, deadline): entry for entry in stale}
        for run in concurrent.futures.as_completed(runs):
            clean, output = run.result()
            path = runs[run]["file"]
            if clean is None:
                left += 1
            elif clean:
                (cache / keys[path]).touch()
            else:
                bad += 1
                print(output.replace(f"{ROOT}/", ""), end="", flush=True)
    seconds = time.monotonic() - started
    print(
        f"clang-tidy: {len(entries)} files, {len(stale) - left} checked in "
        f"{seconds:.0f} s, {bad} with findings"
        + (f", {left} left to the next run" if left else ""),
        file=sys.stderr,
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
