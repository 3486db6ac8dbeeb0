"""gaussian.json: densities, divergences, weighted moments and closed forms of normal laws."""

import numpy as np
from scipy.integrate import quad
from scipy.stats import multivariate_normal, norm
import ot

from .common import agree, generator, rounded
from .points import root

ABOUT = {
    "log_density": "natural log of the density; scipy.stats.multivariate_normal",
    "kl": "KL(a||b) in nats, closed form; in 1-D checked by quadrature",
    "wasserstein2_squared": "squared Bures-Wasserstein-2 distance; POT",
    "mmd_squared": "population MMD^2 for exp(-|x-y|^2/(2h^2)): terms h^d / sqrt(det(h^2 I + V)) exp(-m'(h^2 I + V)^-1 m / 2)",
    "energy": "population energy distance 2E|X-Y| - E|X-X'| - E|Y-Y'| of 1-D normals",
    "sliced_wasserstein_isotropic": "|m|^2/d + (s1 - s2)^2: W2^2 averaged over all directions, equal-variance axes",
    "covariance_biased": "divisor n (sum of the weights)",
    "covariance_unbiased": "divisor n - 1, weighted: sum w - sum w^2 / sum w; numpy.cov(aweights=w, ddof=1)",
}


def law(name, d):
    g = generator(name)
    factor = rounded(np.tril(g.normal(size=(d, d)) / 2) + np.eye(d) * 0.8, 3)
    return rounded(g.normal(size=d)), rounded(factor @ factor.T)


def densities():
    for d in (1, 2, 5):
        mean, covariance = law(f"density-{d}", d)
        points = rounded(generator(f"density-points-{d}").normal(0, 1.5, size=(6, d)))
        values = np.atleast_1d(multivariate_normal(mean, covariance).logpdf(points))
        yield {
            "d": d,
            "mean": mean,
            "covariance": covariance,
            "points": points,
            "log_density": values,
        }


def kl(a, b):
    (m1, c1), (m2, c2) = a, b
    inverse, gap = np.linalg.inv(c2), m2 - m1
    logs = np.linalg.slogdet(c2)[1] - np.linalg.slogdet(c1)[1]
    return 0.5 * (np.trace(inverse @ c1) + gap @ inverse @ gap - len(m1) + logs)


def bures(a, b):
    (m1, c1), (m2, c2) = a, b
    half = root(c1)
    ours = ((m1 - m2) ** 2).sum() + np.trace(c1 + c2 - 2 * root(half @ c2 @ half))
    theirs = ot.gaussian.bures_wasserstein_distance(m1, m2, c1, c2) ** 2
    return agree(ours, theirs, 1e-8, "wasserstein2_squared")


def mmd(a, b, h):
    def term(m, v):
        smooth = v + h**2 * np.eye(len(m))
        return (
            h ** len(m)
            / np.sqrt(np.linalg.det(smooth))
            * np.exp(-0.5 * m @ np.linalg.solve(smooth, m))
        )

    (m1, c1), (m2, c2) = a, b
    none = np.zeros_like(m1)
    return term(none, 2 * c1) + term(none, 2 * c2) - 2 * term(m1 - m2, c1 + c2)


def absolute(m, v):
    """E|N(m, v)|."""
    s = np.sqrt(v)
    return s * np.sqrt(2 / np.pi) * np.exp(-m * m / (2 * v)) + m * (1 - 2 * norm.cdf(-m / s))


def energy(m1, v1, m2, v2):
    return 2 * absolute(m1 - m2, v1 + v2) - absolute(0, 2 * v1) - absolute(0, 2 * v2)


def pairs():
    for d in (1, 2, 5):
        a, b = law(f"pair-a-{d}", d), law(f"pair-b-{d}", d)
        expected = {
            "kl": kl(a, b),
            "reverse_kl": kl(b, a),
            "wasserstein2_squared": bures(a, b),
            "mmd_squared": {"bandwidth": 0.9, "value": mmd(a, b, 0.9)},
        }
        if d == 1:
            p, q = (norm(m[0], np.sqrt(c[0, 0])) for m, c in (a, b))
            agree(
                quad(lambda x: p.pdf(x) * (p.logpdf(x) - q.logpdf(x)), -20, 20)[0],
                expected["kl"],
                1e-7,
                "kl",
            )
            expected["energy"] = energy(a[0][0], a[1][0, 0], b[0][0], b[1][0, 0])
            # The energy distance is twice the squared L2 distance of the distribution functions.
            area = quad(lambda x: (p.cdf(x) - q.cdf(x)) ** 2, -20, 20, limit=200)[0]
            agree(2 * area, expected["energy"], 1e-7, "energy")
        laws = {"a": {"mean": a[0], "covariance": a[1]}, "b": {"mean": b[0], "covariance": b[1]}}
        yield {"d": d, **laws, "expected": expected}


def samples():
    for d in (1, 3):
        g = generator(f"sample-{d}")
        points, weights = rounded(g.normal(1, 2, size=(17, d))), rounded(g.gamma(1.5, size=17))
        spread = (
            {"ddof": 0},
            {"ddof": 1},
            {"ddof": 0, "aweights": weights},
            {"ddof": 1, "aweights": weights},
        )
        biased, unbiased, weighted_biased, weighted_unbiased = (
            np.atleast_2d(np.cov(points.T, **key)) for key in spread
        )
        mean = np.average(points, axis=0, weights=weights)
        divisor = weights.sum() - (weights**2).sum() / weights.sum()
        gaps = points - mean
        agree(
            (gaps * weights[:, None]).T @ gaps / divisor,
            weighted_unbiased,
            what="weighted covariance",
        )
        yield {
            "d": d,
            "points": points,
            "weights": weights,
            "plain": {
                "mean": points.mean(axis=0),
                "covariance_biased": biased,
                "covariance_unbiased": unbiased,
            },
            "weighted": {
                "mean": mean,
                "covariance_biased": weighted_biased,
                "covariance_unbiased": weighted_unbiased,
            },
        }


def closed_forms():
    """The numbers of the closed forms that simulations were checked against."""
    world, fitted = (np.zeros(1), np.eye(1)), (np.array([1.3]), np.array([[0.36]]))
    shifted = np.array([0.7]), np.array([[0.25]])
    offset = np.array([1.0, -0.5, 0.5, 1.0, 0.5])
    return {
        "energy": {
            "a": [0, 1],
            "b": [1.3, 0.36],
            "value": agree(1.10547, energy(0, 1, 1.3, 0.36), 1e-5),
        },
        "mmd_squared": {
            "a": [0, 1],
            "b": [1.3, 0.36],
            "bandwidth": 1,
            "value": agree(0.42977, mmd(world, fitted, 1.0), 1e-5),
        },
        "kl": {"a": [0, 1], "b": [0.7, 0.25], "value": agree(1.78685, kl(world, shifted), 1e-5)},
        "sliced_wasserstein_isotropic": {
            "mean": offset,
            "sd_a": 1,
            "sd_b": 0.6,
            "value": offset @ offset / 5 + 0.4**2,
        },
    }


def golden():
    return {
        "about": ABOUT,
        "densities": list(densities()),
        "pairs": list(pairs()),
        "samples": list(samples()),
        "closed_forms_mean_variance": closed_forms(),
    }
