#!/usr/bin/env python3
"""Resolves python_*.in into python_*.lock: every package pinned and hashed.

Usage: tools/setup/update_locks.py (with a Python 3.11 that has pip >= 23).
The locks hold the hashes of the files that Linux on x86-64 takes under Python
3.11 (Debian 12) and, where they differ and can be had, under 3.12 (Ubuntu
24.04). Packages keep the version that the first lock gave them.
"""

import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
PLATFORMS = [f"manylinux_2_{minor}_x86_64" for minor in (39, 34, 28, 27, 17)]


def resolve(arguments):
    """Returns {name: (version, sha256)} of what pip would install."""
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.json"
        command = [
            sys.executable, "-m", "pip", "install", "--quiet", "--dry-run",
            "--ignore-installed", "--report", str(report), *arguments,
        ]  # fmt: skip
        subprocess.run(command, check=True)
        installs = json.loads(report.read_text())["install"]
    found = {}
    for install in installs:
        name = install["metadata"]["name"].lower().replace("_", "-")
        found[name] = (install["metadata"]["version"], sha256_of(install))
    return found


def sha256_of(install):
    """The hash that the index states; a wheel on disk is read instead."""
    download = install["download_info"]
    hashes = download["archive_info"].get("hashes", {})
    if "sha256" in hashes:
        return hashes["sha256"]
    path = urllib.parse.unquote(urllib.parse.urlparse(download["url"]).path)
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def other_python_hash(name, version):
    """The hash of the file that Python 3.12 takes, or None."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = [
            f"{name}=={version}", "--no-deps", "--only-binary=:all:",
            "--python-version", "3.12", "--target", folder,
        ]  # fmt: skip
        for platform in [*PLATFORMS, "manylinux2014_x86_64", "any"]:
            arguments += ["--platform", platform]
        try:
            return resolve(arguments)[name][1]
        except subprocess.CalledProcessError:
            return None


def write_lock(stem, known):
    """Writes one lock and returns the packages that it pins."""
    source = HERE / f"{stem}.in"
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as constraints:
        for name, (version, _) in known.items():
            constraints.write(f"{name}=={version}\n")
        constraints.flush()
        packages = resolve(["-r", str(source), "-c", constraints.name])
    lines = [f"# Made by {pathlib.Path(__file__).name} from {source.name}."]
    for name, (version, sha256) in sorted(packages.items()):
        if name in known:
            continue
        hashes = {sha256, other_python_hash(name, version)} - {None}
        entry = [f"{name}=={version}"]
        entry += [f"    --hash=sha256:{digest}" for digest in sorted(hashes)]
        lines.append(" \\\n".join(entry))
    (HERE / f"{stem}.lock").write_text("\n".join(lines) + "\n")
    return {**known, **packages}


def main():
    known = write_lock("python_build", {})
    write_lock("python_test", known)


if __name__ == "__main__":
    main()
