"""comparison.json: paired tests and intervals of scipy, each against plain counting where that is possible."""

import itertools

import numpy as np
from scipy import stats

from .common import agree, generator, rounded

ABOUT = {
    "sign_flip": "two-sided p of |median| over all 2^n assignments of signs, equal sizes told apart (that of the earlier trial is larger by a trifle); enumeration, and scipy permutation_test, permutation_type='samples', where no two sizes are equal",
    "wilcoxon": "two-sided p; zeros dropped; up to 50 differences given their midranks, by enumeration or scipy method='exact'; beyond, scipy method='asymptotic', no continuity correction",
    "holm": "adjusted p by the definition of Holm (1979)",
    "bca": "scipy bootstrap, method='BCa', confidence 0.95; `resampled` is its bootstrap distribution in ascending order, `jackknife` the statistic without each value",
    "median": "middle of the two middle values; that of -inf and inf is 0",
}


def median(values):
    ordered = np.sort(np.asarray(values, dtype=float))
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    if low == high:
        return low
    with np.errstate(invalid="ignore"):
        middle = (low + high) / 2
    return 0.0 if np.isnan(middle) else middle


def apart(d):
    """Equal sizes a trifle apart, the earlier the larger; infinite ones as numbers beyond all others."""
    sizes = np.minimum(np.abs(d), 1e4)
    trifles = [1e-7 * np.sum(sizes[i + 1 :] == sizes[i]) * (sizes[i] > 0) for i in range(len(d))]
    return np.copysign(sizes + trifles, d)


def sign_flip(d):
    is_plain = np.all(np.isfinite(d)) and len(set(np.abs(d))) == len(d)
    if median(d) == 0:
        return 1.0
    d = apart(d)
    far = abs(median(d))
    hits = sum(
        abs(median(d * np.array(signs))) >= far * (1 - 1e-13)
        for signs in itertools.product([1.0, -1.0], repeat=len(d))
    )
    p = hits / 2 ** len(d)
    if is_plain:
        absolute = lambda x, axis=-1: np.abs(np.median(x, axis=axis))
        scipy = stats.permutation_test(
            (d,), absolute, permutation_type="samples", vectorized=True, alternative="greater"
        )
        agree(p, scipy.pvalue, what="sign flip")
    return p


def wilcoxon(d):
    left = d[d != 0]
    if len(left) == 0:
        return 1.0
    ranks = stats.rankdata(np.abs(left))
    has_ties = len(set(ranks)) < len(ranks)
    if len(left) > 50:
        return stats.wilcoxon(d, zero_method="wilcox", method="asymptotic", correction=False).pvalue
    if len(left) <= 14:
        observed = ranks[left > 0].sum()
        sums = [ranks @ np.array(s) for s in itertools.product([0, 1], repeat=len(left))]
        below, above = np.mean(np.array(sums) <= observed), np.mean(np.array(sums) >= observed)
        p = min(1.0, 2 * min(below, above))
        if not has_ties:
            agree(p, stats.wilcoxon(left, method="exact").pvalue, what="wilcoxon")
        return p
    assert not has_ties, "neither library nor enumeration"
    return stats.wilcoxon(left, method="exact").pvalue


def test(name, d, is_small=True):
    d = np.asarray(d, dtype=float)
    case = {"name": name, "differences": d, "wilcoxon": wilcoxon(d)}
    if is_small:
        case["sign_flip"] = sign_flip(d)
    return case


def tests():
    inf = np.inf
    g = generator("comparison")
    return [
        test("normal-11", rounded(g.normal(0.8, 1, 11))),
        test("normal-12", rounded(g.normal(0.5, 1, 12))),
        test("log-normal-13", rounded(g.lognormal(0, 1, 13) - g.lognormal(0, 1, 13))),
        test("ties-12", np.round(g.normal(0.2, 0.6, 12) * 4) / 4 + 0.0),
        test("zeros-10", [0, 0, 0.5, -0.25, 0.5, 0.75, 0, 1, 0.5, -1]),
        test("one-number", np.full(9, 0.125)),
        test("deaths-9", [inf, 0.2, -0.1, inf, 0.4, inf, -inf, 0.3, 0.6]),
        test("deaths-8", [inf, inf, -inf, -inf, 0.4, -0.2, 0.1, 0.0]),
        test("normal-40", rounded(g.normal(0.3, 1, 40)), is_small=False),
        test("normal-200", rounded(g.normal(0.1, 1, 200)), is_small=False),
        test("ties-120", np.round(g.normal(0.1, 0.8, 120) * 2) / 2 + 0.0, is_small=False),
    ]


def bca(name, values, statistic):
    values = np.asarray(values, dtype=float)
    random = np.random.default_rng([20240726, len(values)])
    found = stats.bootstrap(
        (values,), statistic, n_resamples=299, method="BCa", confidence_level=0.95, rng=random
    )
    return {
        "name": name,
        "values": values,
        "observed": statistic(values),
        "jackknife": [statistic(np.delete(values, i)) for i in range(len(values))],
        "resampled": np.sort(found.bootstrap_distribution),
        "low": found.confidence_interval.low,
        "high": found.confidence_interval.high,
    }


def intervals():
    g = generator("bca")
    skewed, even = rounded(g.lognormal(0, 1, 25)), rounded(g.normal(0.4, 1, 18))
    return [
        bca("mean-skewed", skewed, np.mean),
        bca("median-skewed", skewed, np.median),
        bca("mean-normal", even, np.mean),
        bca("median-normal", even, np.median),
    ]


def holm(p):
    order, largest, adjusted = np.argsort(p), 0.0, np.empty(len(p))
    for rank, place in enumerate(order):
        largest = max(largest, min(1.0, (len(p) - rank) * p[place]))
        adjusted[place] = largest
    return {"p": p, "adjusted": adjusted}


def golden():
    families = [[0.01, 0.04, 0.03, 0.005], [0.2, 0.2, 0.001, 0.9, 0.0499, 0.0002], [0.7]]
    return {
        "about": ABOUT,
        "tests": tests(),
        "intervals": intervals(),
        "holm": [holm(np.array(family)) for family in families],
    }
