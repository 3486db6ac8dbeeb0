"""kde.json: kernel density estimates of sklearn, against a plain sum over the data, and of scipy."""

import numpy as np
from scipy.spatial.distance import cdist
from scipy.special import gammaln, logsumexp
from scipy.stats import gaussian_kde
from sklearn.neighbors import KernelDensity

from .common import agree, generator, rounded

ABOUT = {
    "log_density": 'natural log; sklearn KernelDensity.score_samples; "-inf" outside the tophat\'s support',
    "bandwidth": "scott n^(-1/(d+4)), silverman (n(d+2)/4)^(-1/(d+4)): of n and d alone, not scaled by the spread of the data",
    "gaussian": "normal with standard deviation h on every axis",
    "tophat": "uniform in the ball of radius h, strictly inside",
    "scipy": "gaussian_kde: h = n^(-1/5) times the standard deviation with divisor n - 1",
}


def by_sum(data, probes, kernel, h):
    n, d = data.shape
    gaps = cdist(probes, data)
    if kernel == "gaussian":
        logs = -0.5 * (gaps / h) ** 2 - d / 2 * np.log(2 * np.pi) - d * np.log(h)
    else:
        ball = d / 2 * np.log(np.pi) - gammaln(d / 2 + 1) + d * np.log(h)
        logs = np.where(gaps < h, 0.0, -np.inf) - ball
    with np.errstate(divide="ignore"):
        return logsumexp(logs, axis=1) - np.log(n)


def estimate(data, probes, kernel, rule):
    model = KernelDensity(kernel=kernel, bandwidth=rule).fit(data)
    theirs, ours = model.score_samples(probes), by_sum(data, probes, kernel, model.bandwidth_)
    agree(ours, theirs, 1e-9, f"kde {kernel} {rule}")
    return {"kernel": kernel, "rule": rule, "bandwidth": model.bandwidth_, "log_density": theirs}


def case(name, n, d):
    g = generator(name)
    data = rounded(
        np.where(g.random((n, 1)) < 0.4, g.normal(-1.5, 0.5, (n, d)), g.normal(1, 1, (n, d)))
    )
    probes = rounded(np.vstack([g.normal(0, 1.5, size=(7, d)), np.full((1, d), 6.0)]))
    rules = [
        (kernel, rule) for kernel in ("gaussian", "tophat") for rule in (0.5, "scott", "silverman")
    ]
    result = {"name": name, "n": n, "d": d, "data": data, "probes": probes}
    result["estimates"] = [estimate(data, probes, *rule) for rule in rules]
    if d == 1:
        reference = gaussian_kde(data[:, 0], bw_method="scott")
        h = reference.factor * data[:, 0].std(ddof=1)
        agree(by_sum(data, probes, "gaussian", h), reference.logpdf(probes[:, 0]), what="scipy kde")
        result["scipy"] = {"bandwidth": h, "log_density": reference.logpdf(probes[:, 0])}
    return result


def golden():
    return {"about": ABOUT, "cases": [case("line", 60, 1), case("plane", 80, 2)]}
