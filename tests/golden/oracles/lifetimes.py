"""lifetimes.json: Kaplan-Meier curves and log-rank tests of scipy, the first case also as textbooks print it."""

import numpy as np
from scipy import stats

from .common import agree, generator

ABOUT = {
    "curves": "scipy ecdf(...).sf of CensoredData: at each time with an event the share that is left, and its log-log band by Greenwood's variance, confidence 0.95; null where scipy has none",
    "tests": "scipy logrank, two-sided: z = (observed - expected) / sqrt(hypergeometric variance) of the first group, and its p",
}

# Remission in weeks under 6-mercaptopurine and placebo (Freireich et al. 1963); + is censored.
TREATED = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"


def parse(text):
    words = text.split()
    times = [int(word.rstrip("+")) for word in words]
    return times, [not word.endswith("+") for word in words]


def censored(group):
    times, over = (np.array(part) for part in group)
    return stats.CensoredData(uncensored=times[over], right=times[~over])


def drawn(name, n, rate, last):
    times = np.ceil(generator(name).exponential(1 / rate, n)).astype(int)
    return np.minimum(times, last).tolist(), (times <= last).tolist()


def curve(name, group):
    survival = stats.ecdf(censored(group)).sf
    band = survival.confidence_interval(0.95, method="log-log")
    number = lambda x: float(x) if np.isfinite(x) else None
    rows = []
    for place, time in enumerate(survival.quantiles):
        if any(t == time and over for t, over in zip(*group)):
            low, high = (number(part.probabilities[place]) for part in (band.low, band.high))
            rows.append([float(time), float(survival.probabilities[place]), low, high])
    return {"name": name, "times": group[0], "over": group[1], "steps": rows}


def test(name, one, other):
    found = stats.logrank(censored(one), censored(other))
    groups = {"times": one[0], "over": one[1], "other_times": other[0], "other_over": other[1]}
    return {"name": name, **groups, "z": float(found.statistic), "p": float(found.pvalue)}


def golden():
    treated, placebo = parse(TREATED), parse(PLACEBO)
    few, many = drawn("few", 30, 0.08, 20), drawn("many", 45, 0.15, 20)
    curves = [curve("6-mercaptopurine", treated), curve("placebo", placebo), curve("drawn", few)]
    agree(18 / 21, curves[0]["steps"][0][1], what="six weeks of remission")
    tests = [test("leukaemia", treated, placebo), test("drawn", few, many), test("itself", few, few)]
    return {"about": ABOUT, "curves": curves, "tests": tests}
