#!/usr/bin/env python3
"""Times what researchers do today in Python, for the benches of this repository to stand beside.

    python3 benches/peers/run.py                              every work but those of torch
    python3 benches/peers/run.py --only mixture-small         one work (repeatable)
    python3 benches/peers/run.py --repeats 9                  more repeats (at least 5; default 5)
    python3 benches/peers/run.py --write-data DIR             write the mixtures' data below DIR, then time
    python3 benches/peers/run.py --write-data DIR --dry       write it and time nothing
    python3 benches/peers/run.py --data PATH                  read the mixtures' data instead of drawing it

Needs Python 3.11 or newer and nothing else: the first call makes a virtual environment beside this
file (`.venv`) and installs the versions pinned in PACKAGES. Works run in one process on one thread
(OMP_NUM_THREADS=1 and its kin). Standard output is one JSON object, {work: {seconds, repeats, ...}};
`seconds` is the median over the repeats, all of them are in `all_seconds`. Everything else goes to
standard error.

Works
  gaussian-generation  one generation of a 1-D Gaussian, n = 1000: numpy mean and std (divisor n) of
                       the data, then n draws of rng.normal. Seconds per generation, from 5000
                       generations in a row per repeat.
  mixture-small        sklearn GaussianMixture, full covariances, n = 1000, d = 2, k = 3: fit, then
                       sample n. Seconds of both; `fit_seconds` and `sample_seconds` apart.
  mixture-large        the same with n = 10000, d = 16, k = 8.
  kde-accumulate       make_circles(noise 0.05, factor 0.8), n = 100 founders, Gaussian kernel with
                       h = 0.5, 100 generations of accumulate: fit on the pool, draw 100, add them to
                       the pool, mean negative log density of 500 fixed real points. Seconds of all.
  gpt-small            PyTorch, one training step (forward, backward, AdamW) of a GPT with 2 layers, 4 heads,
                       width 64 and 96 types on 16 sequences of 64 tokens, float32, attention by
                       scaled_dot_product_attention, GELU in its tanh form, tied logits. Seconds per
                       step, from 20 steps in a row per repeat. Only when asked for: it installs torch.
  gpt-large            the same with 4 layers, width 128 and 65 types. Only when asked for.
  gpt-generate         the network of gpt-large draws 64 sequences of 64 tokens with kept keys and values.
                       Seconds for all. Only when asked for.
  ngrams               900 000 independent words of 74 000 types, p ~ 1/(rank + 2.7): nltk's
                       ConditionalFreqDist of the bigrams, then words drawn one after the other by
                       random.choices from the frequencies after the last one. 2000 words are drawn, and
                       `seconds` is what counting takes and what 900 000 words would;
                       `count_seconds` and `words_drawn_per_second` apart.

A mixture starts from the given means, weights 1/k, and for every component the inverse of the data
covariance (divisor n) (sklearn then runs no k-means), so that another program can start from the same place. Its data are a folder
of three files: x.csv (header x0,x1,...; one sample a row), means.csv (the same header; k starting
means) and meta.json (work, n, d, k, tol, reg_covar, max_iter, covariance_type, start, seed). Numbers
are written so that they read back to the same bits. PATH is such a folder, its meta.json, or a folder
with one such folder for each work, as --write-data leaves it. Where no data are given they are drawn
by numpy.random.default_rng(SEED): k centres N(0, 9 I), a factor I + 0.3 N(0, 1) for each, weights
proportional to 1..k; the starting means are k rows of the data.
"""

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import time
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGES = ("numpy==2.4.6", "scipy==1.17.1", "scikit-learn==1.9.1")
# Installed beside them when the work is asked for. Torch brings gigabytes for GPUs, and does not start without.
EXTRAS = {
    "ngrams": ("nltk==3.10.4",),
    **{f"gpt-{work}": ("torch==2.15.0",) for work in ("small", "large", "generate")},
}
ONE_THREAD = {
    name: "1"
    for name in (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    )
}
SEED = 20240726
MIXTURES = {"mixture-small": {"n": 1000, "d": 2, "k": 3}, "mixture-large": {"n": 10_000, "d": 16, "k": 8}}


def log(text):
    print(text, file=sys.stderr, flush=True)


# The environment


def environment(wanted):
    """The interpreter of the virtual environment; made when it is missing or its pins have moved."""
    home = HERE / ".venv"
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = home / "pins.txt"
    there = stamp.read_text().split() if python.exists() and stamp.exists() else []
    known = {*PACKAGES, *(pin for pins in EXTRAS.values() for pin in pins)}
    if not set(PACKAGES) <= set(there) <= known:
        venv.create(home, with_pip=True, clear=True)
        there = []
    wanted = [*PACKAGES, *(pin for name in wanted for pin in EXTRAS.get(name, ()))]
    missing = [pin for pin in dict.fromkeys(wanted) if pin not in there]
    if missing:
        log(f"installing {', '.join(missing)} into {home.name}")
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *missing]
        subprocess.run(command, check=True, stdout=sys.stderr)
        stamp.write_text("\n".join([*there, *missing]))
    return python


def enter(wanted):
    """Starts this script again inside the environment, where the thread counts are set before numpy loads."""
    command = [str(environment(wanted)), str(Path(__file__).resolve()), *sys.argv[1:]]
    inside = {**os.environ, **ONE_THREAD, "COLLAPSE_PEERS": "inside"}
    return subprocess.run(command, env=inside, check=False).returncode


# Timing


def timed(body):
    begin = time.perf_counter()
    result = body()
    return time.perf_counter() - begin, result


def median_of(body, repeats, divide=1):
    """Median seconds of `body`, called once unmeasured first, and the last result."""
    body()
    runs = [timed(body) for _ in range(repeats)]
    seconds = [taken / divide for taken, _ in runs]
    return {"seconds": statistics.median(seconds), "repeats": repeats, "all_seconds": seconds}, runs[-1][1]


# Works


def gaussian_generation(repeats, _data):
    import numpy as np

    n, generations = 1000, 5000

    def lineage():
        rng = np.random.default_rng(SEED)
        data = rng.normal(0.0, 1.0, n)
        for _ in range(generations):
            mean, deviation = np.mean(data), np.std(data)
            data = rng.normal(mean, deviation, n)
        return float(deviation)

    timing, deviation = median_of(lineage, repeats, generations)
    return {**timing, "n": n, "generations": generations, "last_standard_deviation": deviation}


def mixture_data(work):
    import numpy as np

    n, d, k = (MIXTURES[work][key] for key in "ndk")
    rng = np.random.default_rng(SEED)
    centres, factors = 3 * rng.normal(size=(k, d)), np.eye(d) + 0.3 * rng.normal(size=(k, d, d))
    label = rng.choice(k, size=n, p=np.arange(1, k + 1) / (k * (k + 1) / 2))
    x = centres[label] + np.einsum("nij,nj->ni", factors[label], rng.normal(size=(n, d)))
    meta = {
        "work": work,
        "n": n,
        "d": d,
        "k": k,
        "seed": SEED,
        "tol": 1e-6,
        "reg_covar": 1e-6,
        "max_iter": 10_000,
        "covariance_type": "full",
        "start": "means.csv, weights 1/k, precisions the inverse of the data covariance (divisor n) for every component",
    }
    return {"x": x, "means": x[rng.choice(n, size=k, replace=False)], "meta": meta}


def write_table(path, rows):
    with path.open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow([f"x{i}" for i in range(rows.shape[1])])
        # repr of a Python float is the shortest text that reads back to the same bits.
        out.writerows([repr(value) for value in row] for row in rows.tolist())


def read_table(path):
    import numpy as np

    return np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2)


def write_mixture(folder, data):
    folder.mkdir(parents=True, exist_ok=True)
    write_table(folder / "x.csv", data["x"])
    write_table(folder / "means.csv", data["means"])
    (folder / "meta.json").write_text(json.dumps(data["meta"], indent=1) + "\n")
    log(f"wrote {folder}")


def read_mixture(path, work):
    """The data of `work` at PATH, or an error that says what is missing."""
    folder = path.parent if path.name == "meta.json" else path
    folder = folder if (folder / "meta.json").exists() else folder / work
    missing = [name for name in ("meta.json", "x.csv", "means.csv") if not (folder / name).exists()]
    if missing:
        raise SystemExit(f"{folder} has no {', '.join(missing)}; --write-data DIR writes them")
    meta = json.loads((folder / "meta.json").read_text())
    if meta.get("work", work) != work:
        raise SystemExit(f"{folder} holds the data of {meta['work']}, not of {work}; name it with --only")
    return {"x": read_table(folder / "x.csv"), "means": read_table(folder / "means.csv"), "meta": meta}


def mixture(data, repeats):
    import numpy as np
    from sklearn.mixture import GaussianMixture

    x, means, meta = data["x"], data["means"], data["meta"]
    k, inverse = len(means), np.linalg.inv(np.cov(x.T, bias=True))
    options = {key: meta[key] for key in ("tol", "reg_covar", "max_iter", "covariance_type") if key in meta}
    if options.get("covariance_type", "full") != "full":
        raise SystemExit(f"covariance_type is {options['covariance_type']}; this work times full covariances")
    start = {"weights_init": np.full(k, 1 / k), "means_init": means, "precisions_init": np.tile(inverse, (k, 1, 1))}

    parts = []

    def generation():
        fit, model = timed(lambda: GaussianMixture(k, random_state=SEED, **options, **start).fit(x))
        sample, _ = timed(lambda: model.sample(len(x)))
        parts.append((fit, sample))
        return model

    timing, model = median_of(generation, repeats)
    fits, samples = zip(*parts[1:])
    return {
        **timing,
        "fit_seconds": statistics.median(fits),
        "sample_seconds": statistics.median(samples),
        "n": len(x),
        "d": x.shape[1],
        "k": k,
        **options,
        "n_iter": model.n_iter_,
        "converged": bool(model.converged_),
        "mean_log_likelihood": float(model.score(x)),
        "weights": model.weights_.tolist(),
    }


def kde_accumulate(repeats, _data):
    import numpy as np
    from sklearn.datasets import make_circles
    from sklearn.neighbors import KernelDensity

    n, generations, h = 100, 100, 0.5
    founders, real = (
        make_circles(m, noise=0.05, factor=0.8, random_state=seed)[0] for m, seed in ((n, SEED), (500, SEED + 1))
    )

    def lineage():
        rng, pool, losses = np.random.RandomState(SEED), founders, []
        for _ in range(generations):
            model = KernelDensity(kernel="gaussian", bandwidth=h).fit(pool)
            offspring = model.sample(n, random_state=rng)
            losses.append(float(-model.score_samples(real).mean()))
            pool = np.vstack([pool, offspring])
        return losses

    timing, losses = median_of(lineage, repeats)
    ends = {"first_loss": losses[0], "last_loss": losses[-1]}
    return {**timing, "n": n, "generations": generations, "bandwidth": h, "evaluation": len(real), **ends}


def ngrams(repeats, _data):
    import random

    import nltk

    words, types, drawn = 900_000, 74_000, 2000
    rng = random.Random(SEED)
    text = rng.choices(range(types), weights=[1 / (rank + 2.7) for rank in range(1, types + 1)], k=words)

    def count():
        return nltk.ConditionalFreqDist(nltk.bigrams(text))

    counting, table = median_of(count, repeats)

    def draw():
        word, made = text[0], []
        for _ in range(drawn):
            after = table[word]
            # The last word of a text may have no successor.
            word = rng.choices(list(after), weights=list(after.values()))[0] if after else text[0]
            made.append(word)
        return made

    drawing, _ = median_of(draw, repeats, drawn)
    # Of two works that are timed apart: run i of one with run i of the other.
    both = [c + words * d for c, d in zip(counting["all_seconds"], drawing["all_seconds"])]
    return {
        "seconds": statistics.median(both),
        "repeats": repeats,
        "all_seconds": both,
        "words": words,
        "types": types,
        "count_seconds": counting["seconds"],
        "words_drawn_per_second": 1 / drawing["seconds"],
    }


def mixture_work(name):
    return lambda repeats, data: mixture(data[name], repeats)


def gpt_train(size):
    def work(repeats, _data):
        import gpt

        return gpt.train(size, repeats, SEED, median_of)

    return work


def gpt_generate(repeats, _data):
    import gpt

    return gpt.generate(repeats, SEED, median_of)


WORKS = {
    "gaussian-generation": gaussian_generation,
    "mixture-small": mixture_work("mixture-small"),
    "mixture-large": mixture_work("mixture-large"),
    "kde-accumulate": kde_accumulate,
    "ngrams": ngrams,
    "gpt-small": gpt_train("small"),
    "gpt-large": gpt_train("large"),
    "gpt-generate": gpt_generate,
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=WORKS, metavar="NAME", help=f"one of {', '.join(WORKS)}")
    parser.add_argument("--repeats", type=int, default=5, help="at least 5")
    parser.add_argument("--data", type=Path, metavar="PATH", help="read the mixtures' data here")
    parser.add_argument("--write-data", type=Path, metavar="DIR", help="write the mixtures' data below DIR")
    parser.add_argument("--dry", action="store_true", help="time nothing")
    given = parser.parse_args()
    if given.repeats < 5:
        parser.error(f"--repeats is {given.repeats}; a median wants at least 5")
    return given


def main():
    given = arguments()
    wanted = given.only or [name for name in WORKS if not name.startswith("gpt-")]
    if os.environ.get("COLLAPSE_PEERS") != "inside":
        return enter(wanted)
    import numpy, scipy, sklearn

    names = [name for name in wanted if name in MIXTURES]
    data = {name: read_mixture(given.data, name) if given.data else mixture_data(name) for name in names}
    for name in names if given.write_data else ():
        write_mixture(given.write_data / name, data[name])
    modules = [numpy, scipy, sklearn]
    if any(name.startswith("gpt-") for name in wanted):
        import torch

        modules.append(torch)
    versions = {"python": sys.version.split()[0], **{m.__name__: m.__version__ for m in modules}}
    report = {}
    for name in () if given.dry else wanted:
        log(f"timing {name}")
        report[name] = {**WORKS[name](given.repeats, data), "threads": 1, "versions": versions}
    print(json.dumps(report, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
