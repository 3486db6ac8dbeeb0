"""families.json: weighted fits of the families with sufficient statistics, and the densities of worlds."""

import numpy as np
from scipy import integrate, special, stats
from sklearn.naive_bayes import MultinomialNB

from .common import agree, generator, rounded

ABOUT = {
    "weights": "whole numbers; the expected values are those of rows repeated so often",
    "poisson": "rate: the mean; log_density at `probes` by scipy",
    "exponential": "mean by scipy's maximum likelihood with location 0; log_density at `probes` by scipy",
    "location": "mean and median (numpy) of every coordinate; log_density of N(location, sd^2 I) at `probes`",
    "categorical": "(count + smoothing) / (tokens + smoothing types): sklearn MultinomialNB; weights rescaled to sum to the number of tokens",
    "empirical": "mean and covariance (divisor: sum of the weights); numpy.cov(aweights=w, bias=True), numpy.bincount",
    "densities": "log density of the world at `points`, with `labels` that of point and label",
    "circles": "Bessel function I0, checked by quadrature over the angle",
    "moons, swiss-roll": "quadrature along the curve; the height of the roll by normal distribution functions",
    "blob": "one blob of sd 0.7: log density at centre + offset",
    "regression": "x ~ N(0, I), y = x w + N(0, noise^2): one normal of x and y",
}


def repeated(values, weights):
    return np.repeat(np.asarray(values), weights, axis=0)


def numbers():
    g = generator("families numbers")
    weights = [1, 3, 2, 1, 5, 2, 4, 1]
    counts, waits = g.poisson(3, size=8), rounded(g.exponential(2, size=8), 3)
    rate, probes = repeated(counts, weights).mean(), [0, 1, 2, 5, 9]
    yield (
        "poisson",
        {
            "values": counts,
            "weights": weights,
            "mean": agree(np.average(counts, weights=weights), rate, what="poisson"),
            "probes": probes,
            "log_density": stats.poisson(rate).logpmf(probes),
        },
    )
    _, mean = stats.expon.fit(repeated(waits, weights), floc=0)
    agree(np.average(waits, weights=weights), mean, what="exponential")
    probes = [0.0, 0.4, 1.0, 3.7]
    yield (
        "exponential",
        {
            "values": waits,
            "weights": weights,
            "mean": mean,
            "probes": probes,
            "log_density": stats.expon(scale=mean).logpdf(probes),
        },
    )


def location():
    """Of odd and even total weight; the last case splits its weight evenly between two points."""
    g, sd = generator("families location"), 0.8
    probes = rounded(g.normal(size=(3, 2)), 3)
    for weights in ([1, 3, 2, 1, 4], [1, 1, 1, 1, 1], [2, 1, 4, 3, 6], [1, 1, 1, 1]):
        points = rounded(g.normal(size=(len(weights), 2)), 3)
        rows = repeated(points, weights)
        centres = {"mean": rows.mean(axis=0), "median": np.median(rows, axis=0)}
        law = {key: stats.multivariate_normal(c, sd**2 * np.eye(2)) for key, c in centres.items()}
        yield {
            "points": points,
            "weights": weights,
            "sd": sd,
            **centres,
            "probes": probes,
            "log_density": {key: one.logpdf(probes) for key, one in law.items()},
        }


def categorical():
    tokens, vocabulary = [0, 1, 1, 3, 0, 1, 5, 1, 0, 3], 6
    for weights in ([1] * 10, [1, 1, 4, 2, 3, 1, 1, 2, 5, 2]):
        counts = np.bincount(tokens, weights=weights, minlength=vocabulary)
        counts *= len(tokens) / sum(weights)
        for smoothing in (0.0, 0.5, 2.0):
            p = (counts + smoothing) / (counts + smoothing).sum()
            if smoothing > 0:
                bayes = MultinomialNB(alpha=smoothing).fit([counts, counts], [0, 1])
                once = MultinomialNB(alpha=smoothing).fit([counts], [0])
                agree(np.exp(bayes.feature_log_prob_[0]), p, what="smoothing")
                agree(np.exp(once.feature_log_prob_[0]), p, what="smoothing")
            yield {
                "tokens": tokens,
                "types": vocabulary,
                "weights": weights,
                "smoothing": smoothing,
                "probabilities": p,
            }


def empirical():
    g, weights = generator("families empirical"), [1, 3, 2, 1, 4, 2]
    points, tokens = rounded(g.normal(size=(6, 2)), 3), [2, 0, 1, 1, 3, 0]
    rows = repeated(points, weights)
    covariance = np.cov(points.T, aweights=weights, bias=True)
    return {
        "points": points,
        "weights": weights,
        "mean": agree(np.average(points, axis=0, weights=weights), rows.mean(axis=0)),
        "covariance": agree(np.cov(rows.T, bias=True), covariance, what="empirical"),
        "tokens": tokens,
        "types": 5,
        "probabilities": np.bincount(tokens, weights=weights, minlength=5) / sum(weights),
    }


def along(curve, x, a, b, sd):
    """ln of the mean over [a, b] of N(x; curve(t), sd^2 I), in the plane."""
    square = lambda t: ((np.asarray(curve(t)) - x) ** 2).sum()
    fine = np.linspace(a, b, 4001)
    values = np.array([square(t) for t in fine])
    least, spots = values.min(), fine[1:-1][(np.diff(values[:-1]) <= 0) & (np.diff(values[1:]) > 0)]
    f = lambda t: np.exp((least - square(t)) / (2 * sd * sd))
    # Panels of half a standard deviation or less around every near approach.
    points = sorted({a, b, fine[values.argmin()], *spots})
    cuts = np.unique(np.concatenate([np.linspace(u, v, 21) for u, v in zip(points, points[1:])]))
    total = sum(
        integrate.quad(f, u, v, epsabs=0, epsrel=1e-12, limit=200)[0] for u, v in zip(cuts, cuts[1:])
    )
    return np.log(total / (b - a)) - least / (2 * sd * sd) - np.log(2 * np.pi * sd * sd)


def circle(radius, x, sd):
    s = np.hypot(*x)
    z = s * radius / sd**2
    bessel = -((s - radius) ** 2) / (2 * sd**2) + np.log(special.ive(0, z))
    bessel -= np.log(2 * np.pi * sd**2)
    plain = along(lambda t: (radius * np.cos(t), radius * np.sin(t)), x, -np.pi, np.pi, sd)
    return agree(plain, bessel, what="circle")


def densities():
    plane = [[0.0, 0.0], [1.02, 0.03], [-0.5, 0.62], [0.3, -0.9], [1.4, 0.2], [0.6, 1.1]]
    half = np.log(0.5)
    for sd, factor in ((0.05, 0.8), (0.3, 0.4)):
        parts = np.array([[circle(r, x, sd) for x in plane] for r in (1.0, factor)])
        text = f"noise = {sd}, factor = {factor}"
        yield world("circles", f"{{ {text} }}", plane, np.logaddexp(*parts) + half)
    labels = [0, 1, 0, 1, 0, 1]
    of_label = half + parts[labels, range(6)]
    yield {
        **world("circles", f"{{ {text}, labels = true }}", plane, of_label),
        "labels": labels,
    }
    moons = lambda a: (np.cos(a), np.sin(a)), lambda a: (1 - np.cos(a), 0.5 - np.sin(a))
    for sd in (0.05, 0.3):
        parts = [[along(moon, x, 0.0, np.pi, sd) for x in plane] for moon in moons]
        yield world("moons", f"{{ noise = {sd} }}", plane, np.logaddexp(*parts) + half)
    yield from swiss_rolls()
    yield from lattices()


def swiss_rolls():
    points = [[-9.4, 10.0, 0.1], [6.3, 20.9, 0.2], [0.1, -0.3, -4.8], [12.0, 3.0, 4.0]]
    roll = lambda a: (a * np.cos(a), a * np.sin(a))
    for sd in (0.3, 1.0):
        ln = []
        for x, y, z in points:
            height = (stats.norm.cdf(y / sd) - stats.norm.cdf((y - 21) / sd)) / 21
            flat = along(roll, np.array([x, z]), 1.5 * np.pi, 4.5 * np.pi, sd)
            ln.append(flat + np.log(height))
        yield world("swiss-roll", f"{{ noise = {sd} }}", points, ln)


def lattices():
    points = [[0.0, 0.0], [2.05, -0.1], [-1.3, 1.5], [0.4, 0.9]]
    angles, steps = 2 * np.pi * np.arange(5) / 5, 0.9 * (np.arange(4) - 1.5)
    ring = 1.7 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    grid = np.array([[x, y] for x in steps for y in steps])
    for name, text, centres, sd in (
        ("ring", "{ modes = 5, radius = 1.7, sd = 0.25 }", ring, 0.25),
        ("grid", "{ side = 4, spacing = 0.9, sd = 0.2 }", grid, 0.2),
    ):
        parts = [stats.multivariate_normal(c, sd * sd).logpdf(points) for c in centres]
        ln = special.logsumexp(parts, axis=0) - np.log(len(centres))
        yield world(name, text, points, ln)


def world(name, table, points, ln):
    return {"world": name, "table": table, "points": points, "log_density": ln}


def blob():
    offsets = [[0.0, 0.0, 0.0], [0.5, -1.2, 0.3], [2.0, 2.0, -3.0]]
    return {"offsets": offsets, "log_density": stats.norm(0, 0.7).logpdf(offsets).sum(axis=1)}


def regression():
    w, noise = np.array([0.4, -1.0, 0.7]), 0.5
    x = rounded(generator("families regression").normal(size=(4, 3)), 3)
    y = np.array([0.0, 1.0, -0.5, 2.0])
    joint = np.block([[np.eye(3), w[:, None]], [w[None, :], np.array([[w @ w + noise**2]])]])
    ln = stats.multivariate_normal(np.zeros(4), joint).logpdf(np.column_stack([x, y]))
    plain = stats.norm.logpdf(x).sum(axis=1) + stats.norm(x @ w, noise).logpdf(y)
    agree(plain, ln, what="regression")
    return {"weights": w, "noise": noise, "points": x, "labels": y, "log_density": ln}


def golden():
    return {
        "about": ABOUT,
        **dict(numbers()),
        "location": list(location()),
        "categorical": list(categorical()),
        "empirical": empirical(),
        "densities": list(densities()),
        "blob": blob(),
        "regression": regression(),
    }
