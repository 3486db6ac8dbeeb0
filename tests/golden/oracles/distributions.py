"""distributions.json: densities, special functions and quantiles."""

import numpy as np
from scipy import special, stats

from .common import agree, generator, rounded

ABOUT = {
    "log_density": 'natural log; "-inf" outside the support',
    "student_t": "location, scale (its square times df/(df-2) is the variance); multivariate: shape matrix",
    "exponential": "by rate",
    "quantiles": "type 7, linear between order statistics: position (n-1)q, counted from 0; numpy's default",
    "trigamma": "derivative of digamma",
    "gamma_ratio": "a = sqrt(2/(n-1)) Gamma(n/2) / Gamma((n-1)/2), the mean of s / sigma, divisor n - 1",
}


def student():
    x = [-30.0, -2.5, 0.0, 0.3, 4.0]
    for df, location, scale in ((1.0, 0.0, 1.0), (3.0, 0.5, 2.0), (30.0, -1.0, 0.25)):
        values = stats.t(df, location, scale).logpdf(x)
        yield {"df": df, "location": location, "scale": scale, "x": x, "log_density": values}


def multivariate_student():
    for d, df in ((2, 3.0), (3, 5.5)):
        g = generator(f"student-{d}")
        location, factor = (
            rounded(g.normal(size=d)),
            rounded(g.normal(size=(d, d)) / 2 + np.eye(d), 3),
        )
        shape, points = rounded(factor @ factor.T), rounded(g.normal(0, 3, size=(5, d)))
        values = stats.multivariate_t(location, shape, df).logpdf(points)
        gaps = points - location
        distance = (gaps @ np.linalg.inv(shape) * gaps).sum(axis=1)
        constant = (
            special.gammaln((df + d) / 2) - special.gammaln(df / 2) - d / 2 * np.log(df * np.pi)
        )
        plain = constant - np.linalg.slogdet(shape)[1] / 2 - (df + d) / 2 * np.log1p(distance / df)
        agree(plain, values, what="multivariate t")
        yield {
            "d": d,
            "df": df,
            "location": location,
            "shape": shape,
            "points": points,
            "log_density": values,
        }


def counts_and_waits():
    counts, waits = [0, 1, 3, 10, 50], [-0.5, 0.0, 0.2, 1.0, 12.0]
    poisson = [
        {"rate": r, "x": counts, "log_density": stats.poisson(r).logpmf(counts)}
        for r in (0.3, 4.0, 60.0)
    ]
    exponential = [
        {"rate": r, "x": waits, "log_density": stats.expon(scale=1 / r).logpdf(waits)}
        for r in (0.5, 3.0)
    ]
    return {"poisson": poisson, "exponential": exponential}


def special_functions():
    x = np.array([0.1, 0.5, 1.0, 1.5, 4.5, 9.5, 49.5, 499.5])
    n = np.array([2, 3, 5, 10, 50, 100, 1000])
    levels = [0.001, 0.025, 0.05, 0.5, 0.95, 0.975, 0.999]
    ratio = np.sqrt(2 / (n - 1)) * np.exp(special.gammaln(n / 2) - special.gammaln((n - 1) / 2))
    return {
        "special": {
            "x": x,
            "digamma": special.digamma(x),
            "trigamma": special.polygamma(1, x),
            "ln_gamma": special.gammaln(x),
        },
        "gamma_ratio": {"n": n, "a": ratio},
        "chi_squared": [
            {"df": df, "p": levels, "quantile": stats.chi2(df).ppf(levels)}
            for df in (1, 2, 5, 30, 99)
        ],
        "normal": {"p": levels, "quantile": stats.norm.ppf(levels)},
        "student_quantile": [
            {"df": df, "p": levels, "quantile": stats.t(df).ppf(levels)} for df in (1, 4, 29)
        ],
    }


def quantiles():
    q = [0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0]
    arrays = (
        [3.0],
        [2.0, -1.0],
        [5.0, 1.0, 1.0, 4.0],
        rounded(generator("quantiles").normal(size=11)),
    )
    for values in arrays:
        yield {"values": values, "q": q, "quantile": np.quantile(values, q, method="linear")}


def golden():
    return {
        "about": ABOUT,
        "student_t": list(student()),
        "multivariate_student_t": list(multivariate_student()),
        **counts_and_waits(),
        **special_functions(),
        "quantiles": list(quantiles()),
    }
