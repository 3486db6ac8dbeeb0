"""regression.json: least squares in its several forms, and logistic regression, each solved twice."""

import warnings

import numpy as np
import statsmodels.api as sm
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge

from .common import agree, generator, rounded

ABOUT = {
    "least_squares": "no intercept; numpy lstsq; where n < d or the rank is short, the solution of least norm (pseudo-inverse)",
    "weighted": "minimises sum w (y - x b)^2; sklearn LinearRegression(fit_intercept=False)",
    "ridge": "(X'X + lambda I)^-1 X'y, no intercept; sklearn Ridge",
    "residual_sum": "sum (y - x b)^2, unweighted",
    "logistic": "maximum likelihood without penalty, labels 0 and 1; statsmodels, checked with sklearn",
    "mean_log_loss": "-(1/n) sum ln p(y), nats, unweighted",
    "separable": "labels that a plane separates: the maximum does not exist",
}


def linear_data(name, n, d):
    g = generator(name)
    x, truth = rounded(g.normal(size=(n, d))), rounded(g.normal(size=d), 3)
    return x, rounded(x @ truth + 0.5 * g.normal(size=n)), rounded(g.gamma(2.0, size=n))


def linear(name, n, d, repeated_column=False):
    x, y, weights = linear_data(name, n, d)
    if repeated_column:
        x[:, -1] = x[:, 0]
    plain, _, rank, _ = np.linalg.lstsq(x, y, rcond=None)
    agree(np.linalg.pinv(x) @ y, plain, what="least squares")
    result = {"name": name, "x": x, "y": y, "rank": rank, "norm_squared": plain @ plain}
    result |= {"coefficients": plain, "residual_sum": ((y - x @ plain) ** 2).sum()}
    if rank == d:
        model = LinearRegression(fit_intercept=False).fit(x, y, sample_weight=weights)
        closed = np.linalg.solve((x.T * weights) @ x, (x.T * weights) @ y)
        agree(closed, model.coef_, what="weighted least squares")
        result["weighted"] = {"weights": weights, "coefficients": closed}
    result["ridge"] = [ridge(x, y, strength) for strength in (0.1, 3.0)]
    return result


def ridge(x, y, strength):
    closed = np.linalg.solve(x.T @ x + strength * np.eye(x.shape[1]), x.T @ y)
    agree(
        Ridge(alpha=strength, fit_intercept=False, tol=1e-12).fit(x, y).coef_, closed, 1e-8, "ridge"
    )
    return {"lambda": strength, "coefficients": closed}


def maximum(x, y, intercept, weights):
    design = np.column_stack([x, np.ones(len(x))]) if intercept else x
    family, frequency = sm.families.Binomial(), np.ones(len(y)) if weights is None else weights
    theirs = (
        sm.GLM(y, design, family=family, freq_weights=frequency).fit(tol=1e-14, maxiter=100).params
    )
    model = LogisticRegression(
        C=np.inf, fit_intercept=intercept, solver="newton-cholesky", tol=1e-12, max_iter=200
    )
    with warnings.catch_warnings():
        # The line search stops at rounding error, a few digits below the tolerance asked for.
        warnings.simplefilter("ignore")
        model.fit(x, y, sample_weight=weights)
    found = np.append(model.coef_[0], model.intercept_) if intercept else model.coef_[0]
    agree(found, theirs, 1e-7, "logistic")
    return theirs, np.logaddexp(0, -(2 * y - 1) * (design @ theirs)).mean()


def logistic(name, n, d):
    g = generator(name)
    x, truth = rounded(g.normal(size=(n, d))), g.normal(size=d)
    y = (g.random(n) < 1 / (1 + np.exp(-(x @ truth + 0.4)))).astype(int)
    weights = rounded(g.gamma(2.0, size=n))
    fits = []
    for intercept in (False, True):
        for given in (None, weights):
            found, loss = maximum(x, y, intercept, given)
            split = {"coefficients": found[:d], "intercept": found[d] if intercept else None}
            fits.append({"weighted": given is not None, **split, "mean_log_loss": loss})
    return {"name": name, "x": x, "y": y, "weights": weights, "fits": fits}


def separable():
    x = rounded(np.linspace(-2, 2, 10)[:, None] + 0.1)
    return {"x": x, "y": (x[:, 0] > 0).astype(int), "coefficients": None}


def golden():
    shapes = ("tall", 30, 3), ("one-column", 12, 1), ("wide", 5, 9), ("short-rank", 14, 4, True)
    return {
        "about": ABOUT,
        "linear": [linear(*shape) for shape in shapes],
        "logistic": [logistic("logistic-2d", 80, 2), logistic("logistic-4d", 120, 4)],
        "separable": separable(),
    }
