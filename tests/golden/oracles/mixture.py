"""mixture.json: EM from a start that is fully specified, and the squared L2 distance of two mixtures."""

import warnings

import numpy as np
from scipy.integrate import dblquad
from scipy.special import logsumexp
from scipy.stats import multivariate_normal
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from .common import agree, generator, rounded

TOLERANCE = 1e-8
SHAPES = ("full", "diag", "tied", "spherical")

ABOUT = {
    "start": "weights 1/k, `means_init`, and one covariance for all components, `covariance_init` (data covariance, divisor n; full and tied: the matrix, diag: its diagonal, spherical: its trace / d); the first step is an E-step",
    "step": "E, then M; reg_covar is added to the diagonal of each covariance in every M-step",
    "stop": "the mean log likelihood per sample, taken in the E-step before each M-step, changed by less than tol; the parameters are those of the last M-step",
    "n_iter": "number of E and M pairs; unchanged if tol moves by 1 part in 1000",
    "lower_bound": "mean log likelihood per sample in the last E-step, before the last M-step",
    "mean_log_likelihood": "of the data under the final parameters",
    "covariances": "by shape: full k x d x d, tied d x d, diag k x d, spherical k",
    "weighted": "integer weights; expected from the rows repeated so often (start covariance: of the repeated rows)",
    "l2": "integral of (f - g)^2, closed form; checked by quadrature",
}


def start(data, k, means, shape):
    """sklearn is started from precisions: the inverse of the data covariance, for every component."""
    covariance = np.cov(data.T, bias=True)
    if shape == "diag":
        precisions = np.tile(1 / np.diag(covariance), (k, 1))
    elif shape == "spherical":
        precisions = np.full(k, len(covariance) / np.trace(covariance))
    else:
        inverse = np.linalg.inv(covariance)
        precisions = inverse if shape == "tied" else np.tile(inverse, (k, 1, 1))
    return {"weights_init": np.full(k, 1 / k), "means_init": means, "precisions_init": precisions}


def fit(data, means, shape, reg, tolerance=TOLERANCE):
    k = len(means)
    options = {"covariance_type": shape, "tol": tolerance, "reg_covar": reg, "max_iter": 20_000}
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        return GaussianMixture(k, **options, **start(data, k, means, shape)).fit(data)


def matrices(model, d):
    k = model.n_components
    stacked = {
        "full": lambda c: c,
        "tied": lambda c: np.tile(c, (k, 1, 1)),
        "diag": lambda c: np.array([np.diag(row) for row in c]),
        "spherical": lambda c: c[:, None, None] * np.eye(d),
    }
    return stacked[model.covariance_type](model.covariances_)


def log_density(weights, means, covariances, points):
    parts = [
        np.log(w) + np.atleast_1d(multivariate_normal(m, c).logpdf(points))
        for w, m, c in zip(weights, means, covariances)
    ]
    return logsumexp(parts, axis=0)


def fitted(data, means, shape, reg, probes):
    model = fit(data, means, shape, reg)
    for factor in (0.999, 1.001):
        again = fit(data, means, shape, reg, TOLERANCE * factor).n_iter_
        assert again == model.n_iter_, "an n_iter that hangs on rounding has no golden value"
    parameters = model.weights_, model.means_, matrices(model, data.shape[1])
    agree(log_density(*parameters, probes), model.score_samples(probes), 1e-8, "score_samples")
    return {
        "covariance_type": shape,
        "reg_covar": reg,
        "n_iter": model.n_iter_,
        "weights": model.weights_,
        "means": model.means_,
        "covariances": model.covariances_,
        "lower_bound": model.lower_bound_,
        "mean_log_likelihood": model.score(data),
        "log_density": model.score_samples(probes),
    }


def sample(name, n, d, k):
    """A mixture whose components overlap a little, and starting means that are data rows."""
    g = generator(name)
    centres, label = (
        g.normal(0, 2.5, size=(k, d)),
        np.sort(g.choice(k, size=n, p=np.arange(1, k + 1) / sum(range(1, k + 1)))),
    )
    factors = g.normal(size=(k, d, d)) / 3 + np.eye(d)
    data = rounded(centres[label] + np.einsum("nij,nj->ni", factors[label], g.normal(size=(n, d))))
    return data, data[g.choice(n, size=k, replace=False)], rounded(g.normal(0, 3, size=(5, d)))


def plain_case(name, n, d, k):
    data, means, probes = sample(name, n, d, k)
    fits = [fitted(data, means, shape, reg, probes) for shape in SHAPES for reg in (1e-6, 0.0)]
    return {
        "name": name,
        "n": n,
        "d": d,
        "k": k,
        "tol": TOLERANCE,
        "data": data,
        "means_init": means,
        "covariance_init": np.cov(data.T, bias=True),
        "probes": probes,
        "fits": fits,
    }


def weighted_case(name, n, d, k):
    data, means, probes = sample(name, n, d, k)
    weights = generator(name + "/weights").integers(1, 4, size=n)
    repeated = np.repeat(data, weights, axis=0)
    return {
        "name": name,
        "n": n,
        "d": d,
        "k": k,
        "tol": TOLERANCE,
        "data": data,
        "weights": weights,
        "means_init": means,
        "covariance_init": np.cov(repeated.T, bias=True),
        "probes": probes,
        "fits": [fitted(repeated, means, shape, 1e-6, probes) for shape in SHAPES],
    }


def overlap(f, g):
    """The integral of f g: sum of a_i b_j N(m_i - m_j; 0, C_i + C_j)."""
    return sum(
        a * b * multivariate_normal(np.zeros(len(m)), c + e).pdf(m - q)
        for a, m, c in zip(f["weights"], f["means"], f["covariances"])
        for b, q, e in zip(g["weights"], g["means"], g["covariances"])
    )


def random_mixture(name, k, d):
    g = generator(name)
    weights = rounded(g.dirichlet(np.full(k, 3.0)), 4)
    weights[-1] = round(1 - weights[:-1].sum(), 4)
    factors = g.normal(size=(k, d, d)) / 3 + np.eye(d) * 0.8
    covariances = rounded([f @ f.T for f in factors])
    return {
        "weights": weights,
        "means": rounded(g.normal(0, 1.5, size=(k, d))),
        "covariances": covariances,
    }


def distance(name, kf, kg, d, check):
    f, g = random_mixture(name + "/f", kf, d), random_mixture(name + "/g", kg, d)
    value = overlap(f, f) + overlap(g, g) - 2 * overlap(f, g)
    if check:

        def gap(y, x):
            point = np.array([x, y])
            return np.subtract(*(np.exp(log_density(*m.values(), point))[0] for m in (f, g))) ** 2

        agree(dblquad(gap, -9, 9, -9, 9, epsabs=1e-7)[0], value, 1e-5, "l2")
    return {"name": name, "f": f, "g": g, "l2": value}


def golden():
    return {
        "about": ABOUT,
        "cases": [plain_case("plane", 200, 2, 3), plain_case("space", 150, 3, 2)],
        "weighted": weighted_case("weighted", 80, 2, 2),
        "l2": [distance("l2-2d", 3, 2, 2, True), distance("l2-3d", 2, 4, 3, False)],
    }
