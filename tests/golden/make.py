"""Writes the golden files of this folder: inputs, and the values that reference libraries give.

Run once, by hand, when a reference is added (see README.md). Every number that two libraries, or a
library and a formula, can both give is computed by both, and the run stops where they disagree.

    python make.py [NAME...]        all files, or only those named, such as `kde`
"""

import importlib
import importlib.metadata
import os
import platform
import sys
from pathlib import Path

# One thread: the last digits of a matrix product depend on how it was split.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

HERE = Path(__file__).resolve().parent
FILES = {
    "metrics_points": "points",
    "gaussian": "gaussian",
    "mixture": "mixture",
    "kde": "kde",
    "regression": "regression",
    "tokens": "tokens",
    "distributions": "distributions",
    "datasets": "datasets",
    "headline": "headline",
    "families": "families",
    "ngram": "ngram",
    "text": "text",
    "neural": "neural",
    "comparison": "comparison",
    "lifetimes": "lifetimes",
    "utility": "utility",
    "profile": "profile",
}


def versions():
    pins = (HERE / "requirements.txt").read_text().split()
    packages = [pin.split("==")[0] for pin in pins]
    found = {name: importlib.metadata.version(name) for name in packages}
    return {"python": platform.python_version(), **found}


def main(wanted):
    sys.path.insert(0, str(HERE))
    from oracles import common

    unknown = set(wanted) - set(FILES)
    if unknown:
        raise SystemExit(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(FILES)}")
    for name, module in FILES.items():
        if wanted and name not in wanted:
            continue
        content = importlib.import_module(f"oracles.{module}").golden()
        path = HERE / f"{name}.json"
        common.write(path, content)
        print(path.name, path.stat().st_size, "bytes")
    common.write(HERE / "versions.json", versions())


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    main(sys.argv[1:])
