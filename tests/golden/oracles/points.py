"""metrics_points.json: two-sample metrics on points, each against its library or its plain formula."""

import dcor
import numpy as np
import ot
from prdc import compute_prdc
from scipy.special import digamma, gammaln
from scipy.spatial.distance import cdist, pdist
from scipy.stats import wasserstein_distance
from sklearn.metrics.pairwise import rbf_kernel

from .common import agree, generator, rounded

K = 5
DIRECTIONS = 12

ABOUT = {
    "k": K,
    "wasserstein": "exact W1, 1-D only; scipy.stats.wasserstein_distance",
    "energy_v": "2 E|X-Y| - E|X-X'| - E|Y-Y'|, all pairs including i = j; dcor.energy_distance (V-statistic)",
    "energy_u": "the same with the means within a set over i != j (U-statistic); numpy",
    "bandwidth": "h, the median of the pairwise distances i < j of the real points; null where it is 0",
    "mmd_unbiased": "U-statistic of exp(-|x-y|^2/(2h^2)); sklearn rbf_kernel; null where h is null",
    "frechet": "squared Bures-Wasserstein-2 distance of the sample moments, covariance divisor n; POT",
    "sliced_wasserstein_exact_directions": "W2^2 of the projections, averaged over `directions` (unit vectors); POT wasserstein_1d, p = 2",
    "prdc": "the prdc package, strict <; only where no row repeats, where < and <= agree",
    "precision": "share of fakes y with d(x,y) <= r_k(x) for some real x; r_k(x) is the distance to the k-th nearest other real",
    "recall": "share of reals x with d(x,y) <= r_k(y) for some fake y, radii within the fakes",
    "density": "(number of pairs with d(x,y) <= r_k(x)) / (k M), M fakes; above 1 where data repeat",
    "coverage": "share of reals x with d(x,y) <= r_k(x) for some fake y",
    "density_calibrated": "mean over fakes of the real balls that hold y / mean over reals of the real balls that hold x, its own included: 1 for the same points, k/(k+1) for new ones",
    "density_calibrated_without_self": "the same, its own ball left out: density itself where nothing repeats, 1 on average for new draws of the same law, repeated or not",
    "entropy": "Kozachenko-Leonenko, k nearest other points, nats; only where no row repeats",
    "nearest_real": "distance of each fake to its nearest real, and of each real to its nearest other real: medians",
}


def squared(a, b):
    """Exact squared distances in units of 1e-12, in integers: a tie is a tie."""
    a, b = (np.rint(points * 1e6).astype(np.int64) for points in (a, b))
    return ((a[:, None, :] - b[None, :, :]) ** 2).sum(axis=2)


def radii(own):
    return np.sort(squared(own, own), axis=1)[:, K]


def manifold(real, fake):
    """Precision, recall, density and coverage with <=, and two calibrations of the density."""
    cross, around_real, around_fake = squared(real, fake), radii(real), radii(fake)
    inside = cross <= around_real[:, None]
    held = squared(real, real) <= around_real[:, None]
    floats = cdist(real, fake) <= np.sort(cdist(real, real), axis=1)[:, K][:, None]
    assert (inside == floats).all(), "a tie that rounding breaks has no golden value"
    per_fake = inside.sum(axis=0).mean()
    return {
        "precision": inside.any(axis=0).mean(),
        "recall": (cross <= around_fake[None, :]).any(axis=1).mean(),
        "density": per_fake / K,
        "coverage": inside.any(axis=1).mean(),
        "density_calibrated": per_fake / held.sum(axis=0).mean(),
        "density_calibrated_without_self": per_fake / (held.sum(axis=0).mean() - 1),
    }


def energy(real, fake):
    n, m = len(real), len(fake)
    between = 2 * cdist(real, fake).mean()
    within = cdist(real, real).sum(), cdist(fake, fake).sum()
    v = between - within[0] / n**2 - within[1] / m**2
    u = between - within[0] / (n * (n - 1)) - within[1] / (m * (m - 1))
    return {"energy_v": agree(v, dcor.energy_distance(real, fake), what="energy"), "energy_u": u}


def mmd(real, fake, bandwidth):
    if bandwidth is None:
        return None
    n, m, gamma = len(real), len(fake), 1 / (2 * bandwidth**2)
    xx = (rbf_kernel(real, gamma=gamma).sum() - n) / (n * (n - 1))
    yy = (rbf_kernel(fake, gamma=gamma).sum() - m) / (m * (m - 1))
    return xx + yy - 2 * rbf_kernel(real, fake, gamma=gamma).mean()


def moments(points):
    return points.mean(axis=0), np.atleast_2d(np.cov(points.T, bias=True))


def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T


def frechet(real, fake):
    (m1, c1), (m2, c2) = moments(real), moments(fake)
    half = root(c1)
    ours = ((m1 - m2) ** 2).sum() + np.trace(c1 + c2 - 2 * root(half @ c2 @ half))
    theirs = ot.gaussian.bures_wasserstein_distance(m1, m2, c1, c2) ** 2
    return {
        "frechet": agree(max(ours, 0.0), theirs, 1e-7, "frechet"),
        "moments": {"real_mean": m1, "real_covariance": c1, "fake_mean": m2, "fake_covariance": c2},
    }


def directions(name, d):
    draws = generator(name + "/directions").normal(size=(1 if d == 1 else DIRECTIONS, d))
    return draws / np.linalg.norm(draws, axis=1, keepdims=True)


def sliced(real, fake, rays):
    return np.mean([ot.wasserstein_1d(real @ ray, fake @ ray, p=2) for ray in rays])


def entropy(points):
    n, d = points.shape
    nearest = np.sort(cdist(points, points), axis=1)[:, K]
    ball = d / 2 * np.log(np.pi) - gammaln(d / 2 + 1)
    return digamma(n) - digamma(K) + ball + d * np.log(nearest).mean()


def nearest_real(real, fake):
    other = np.sort(cdist(real, real), axis=1)[:, 1]
    return {"fake": np.median(cdist(fake, real).min(axis=1)), "real": np.median(other)}


def repeats(points):
    return len(np.unique(points, axis=0)) < len(points)


def measured(name, real, fake):
    bandwidth = float(np.median(pdist(real))) or None
    rays = directions(name, real.shape[1])
    expected = {
        "bandwidth": bandwidth,
        **energy(real, fake),
        "mmd_unbiased": mmd(real, fake, bandwidth),
    }
    if real.shape[1] == 1:
        expected["wasserstein"] = wasserstein_distance(real[:, 0], fake[:, 0])
    expected |= frechet(real, fake)
    expected["sliced_wasserstein_exact_directions"] = sliced(real, fake, rays)
    expected |= manifold(real, fake)
    if not repeats(real) and not repeats(fake):
        expected["prdc"] = compute_prdc(real, fake, nearest_k=K)
        for key, value in expected["prdc"].items():
            agree(expected[key], value, what=f"{name} {key}")
        expected["entropy"] = {"real": entropy(real), "fake": entropy(fake)}
    expected["nearest_real"] = nearest_real(real, fake)
    return {"name": name, "real": real, "fake": fake, "directions": rays, "expected": expected}


def pairs():
    """name, real, fake; `same-data` and `constant` are a model that equals the world."""
    g = generator("points")
    plane, grid = rounded(g.normal(size=(60, 2))), g.integers(0, 4, size=(60, 2)).astype(float)
    mixing = g.normal(size=(5, 5)) / 2 + np.eye(5)
    yield "shifted-2d", plane, rounded(g.normal([0.6, -0.3], 0.6, size=(50, 2)))
    yield "normal-1d", rounded(g.normal(size=(60, 1))), rounded(g.normal(0.4, 0.7, size=(50, 1)))
    yield (
        "normal-5d",
        rounded(g.normal(size=(60, 5))),
        rounded(0.7 * g.normal(size=(50, 5)) @ mixing),
    )
    yield (
        "repeated-fakes",
        plane,
        rounded(g.normal(0, 0.7, size=(12, 2)))[g.integers(0, 12, size=50)],
    )
    yield "memorised", plane, plane[g.integers(0, 60, size=50)]
    yield "point-mass", plane, np.tile(rounded([0.2, 0.1]), (50, 1))
    yield "point-mass-far", plane, np.tile(rounded([9.0, 9.0]), (50, 1))
    yield "discrete-grid", grid, g.integers(0, 3, size=(50, 2)).astype(float)
    yield "same-law-discrete", grid, g.integers(0, 4, size=(50, 2)).astype(float)
    yield "same-data", grid, grid
    yield "constant", np.ones((20, 2)), np.ones((15, 2))


def golden():
    return {"about": ABOUT, "cases": [measured(*pair) for pair in pairs()]}
