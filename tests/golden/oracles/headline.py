"""headline.json: metrics of moments, modes, tails, risk, diversity and privacy, each from its definition by NumPy,
SciPy, scikit-learn and prdc."""

import numpy as np
from prdc import compute_prdc
from scipy import special, stats
from scipy.optimize import brentq
from scipy.spatial.distance import cdist
from sklearn.metrics import roc_auc_score

from .common import agree, generator, rounded

ABOUT = {
    "cases": "the value of `metric`, with `parameters`, for `model` in the world `world`; `samples` stand in the model's place as they are",
    "held_out": "the real points that nobody trains on, where the value depends on them; else they are drawn, or all rows of a finite world",
    "relative_error": "standard error, relative to the value, of a region that is known from 10^6 draws of the world only; 0 where the value is exact",
    "mean-shift": "|mean of the model - mean of the world|^2",
    "spread": "trace of the model's covariance over that of the world; divisor n for samples",
    "generalized-variance": "determinant of the model's covariance over that of the world; divisor n for samples",
    "modes": "share of modes whose ball of 3 sd has at least `share` of the ball's true mass (noncentral chi-squared)",
    "tail-mass": "mass of the model where the density of the world is at most its q-quantile, over q",
    "tail-mass of types": "the same for the least likely types while their mass is at most q, over their true mass",
    "tail-recall": "share of held-out points in the tail with d(x,y) <= r_k(y) for some sample y, radii within the samples",
    "tail without a density": "the share q of held-out points that are farthest from their fifth nearest other held-out point",
    "precision": "share of samples y with d(x,y) <= r_k(x) for some real x; the prdc package",
    "excess-risk": "E(x w - x w*)^2 for x ~ N(0, I)",
    "founders": "the real points that trained generation 1, where the value depends on them",
    "vendi": "(sum l^q)^(1/(1-q)) of the eigenvalues l of K/n, K the normal kernel of the given bandwidth among the samples; its limits for q = 1 and infinity",
    "nearest-real": "median over samples of the distance to the nearest founder, over the same of the held-out points",
    "membership": "P(s(founder) > s(held out)) + P(=)/2, s minus the distance to the nearest sample, or the model's log density; scikit-learn's roc_auc_score",
}

MARGIN = 0.05
"""How far from a threshold every sample lies: ten errors of a threshold found by 10^6 draws."""


def case(metric, world, value, relative_error=0.0, **rest):
    return {
        "metric": metric,
        "world": world,
        **rest,
        "value": value,
        "relative_error": relative_error,
    }


def normal(mean, covariance):
    return {"normal": {"mean": mean, "covariance": covariance}}


def mixture(weights, means, covariances):
    return {"mixture": {"weights": weights, "means": means, "covariances": covariances}}


def density(law, points):
    """Of a mixture, at points."""
    parts = zip(*(law["mixture"][key] for key in ("weights", "means", "covariances")))
    return sum(w * stats.multivariate_normal(m, c).pdf(points) for w, m, c in parts)


def lattice(law, side=12.0, n=1500):
    """Points of a fine lattice over the plane, and the mass of the law in the cell of each."""
    axis = (np.arange(n) + 0.5) / n * 2 * side - side
    points = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    mass = density(law, points) * (2 * side / n) ** 2
    agree(mass.sum(), 1.0, what="mass on the lattice")
    return points, mass


def mixture_moments(law):
    w, means, covariances = (
        np.array(law["mixture"][key]) for key in ("weights", "means", "covariances")
    )
    mean, gaps = w @ means, means - w @ means
    covariance = np.einsum("k,kij->ij", w, covariances + gaps[:, :, None] * gaps[:, None, :])
    points, mass = lattice(law)
    agree(mass @ points, mean, what="mean of a mixture")
    agree(np.cov(points.T, aweights=mass, bias=True), covariance, 1e-8, "covariance of a mixture")
    return mean, covariance


PLANE = mixture(
    [0.6, 0.4], [[-1.0, 0.5], [2.0, -1.0]], [[[1.0, 0.3], [0.3, 0.7]], [[0.5, 0.0], [0.0, 1.5]]]
)
MODEL = mixture(
    [0.5, 0.5], [[-0.8, 0.2], [2.5, -0.5]], [[[0.8, 0.1], [0.1, 0.9]], [[0.7, -0.2], [-0.2, 1.0]]]
)


def moments():
    g = generator("headline moments")
    real, fake = rounded(g.normal(size=(12, 2)), 3), rounded(g.normal([0.4, -0.3], 0.6, (9, 2)), 3)
    of_points = [(points.mean(axis=0), np.cov(points.T, bias=True)) for points in (real, fake)]
    of_laws = [mixture_moments(PLANE), mixture_moments(MODEL)]
    for known, world, other in (
        (of_points, {"points": real}, {"samples": fake}),
        (of_laws, PLANE, {"model": MODEL}),
    ):
        (m1, c1), (m2, c2) = known
        yield case("mean-shift", world, np.linalg.norm(m1 - m2) ** 2, **other)
        yield case("spread", world, np.trace(c2) / np.trace(c1), **other)
        ratio = np.linalg.det(c2) / np.linalg.det(c1)
        agree(np.prod(np.linalg.eigvals(np.linalg.solve(c1, c2))), ratio, what="determinants")
        yield case("generalized-variance", world, ratio, **other)


def modes():
    """Worlds of modes apart and of modes that share ground; samples thin out from mode to mode."""
    angles = 2 * np.pi * np.arange(8) / 8
    ring = 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    steps = np.arange(3) - 1.0
    grid = np.array([[x, y] for x in steps for y in steps])
    for name, text, centres, sd, share in (
        ("ring", "{ modes = 8, radius = 2.0, sd = 0.1 }", ring, 0.1, 0.1),
        ("grid", "{ side = 3, spacing = 1.0, sd = 0.3 }", grid, 0.3, 0.5),
    ):
        g = generator(f"headline {name}")
        weights = 0.55 ** np.arange(len(centres))
        chosen = g.choice(len(centres), size=60, p=weights / weights.sum())
        samples = rounded(centres[chosen] + sd * g.normal(size=(60, 2)), 3)
        true = stats.ncx2.cdf(9, 2, (cdist(centres, centres) / sd) ** 2).mean(axis=1)
        distances = cdist(centres, samples) / sd
        assert (np.abs(distances - 3) > 1e-6).all(), "a sample on the edge of a ball"
        found = (distances <= 3).mean(axis=1)
        assert (np.abs(found - share * true) > 0.002).all(), "a mode between life and death"
        alive = (found >= share * true).mean()
        yield case(
            "modes",
            {"world": name, "table": text},
            alive,
            samples=samples,
            parameters=f"{{ share = {share} }}",
        )


def outside(law, low, high):
    parts = zip(*(law["mixture"][key] for key in ("weights", "means", "covariances")))
    laws = [(w, stats.norm(m[0], np.sqrt(c[0][0]))) for w, m, c in parts]
    return sum(w * (part.cdf(low) + part.sf(high)) for w, part in laws)


def tails_on_a_line():
    model = mixture([0.25, 0.75], [[1.2], [-0.4]], [[[0.36]], [[1.44]]])
    for mean, sd, q in ((0.0, 1.0, 0.05), (0.3, 1.5, 0.2)):
        low, high = stats.norm(mean, sd).ppf([q / 2, 1 - q / 2])
        world = normal([mean], [[sd * sd]])
        value = outside(model, low, high) / q
        yield case("tail-mass", world, value, model=model, parameters=f"{{ quantile = {q} }}")


def tail_of_a_normal():
    g, q = generator("headline tail"), 0.2
    factor = rounded(g.normal(size=(3, 3)) / 2 + np.eye(3), 2)
    covariance = rounded(factor @ factor.T, 4)
    world, fakes = normal([0.5, 0.0, -1.0], covariance), rounded(g.normal(0, 2, (30, 3)), 3)
    gaps = fakes - [0.5, 0.0, -1.0]
    far = stats.chi2(3).sf((gaps @ np.linalg.inv(covariance) * gaps).sum(axis=1))
    assert (np.abs(far - q) > 1e-6).all()
    text = f"{{ quantile = {q} }}"
    yield case("tail-mass", world, (far <= q).mean() / q, samples=fakes, parameters=text)


def threshold(q):
    """c with P(p(X) <= c) = q for X ~ p, p the mixture in the plane, by the lattice."""
    points, mass = lattice(PLANE)
    ln = np.log(density(PLANE, points))
    order = np.argsort(ln)
    below = np.cumsum(mass[order])
    c = np.interp(q, below, ln[order])
    # The same by the radial quantiles of every ray, as an independent check of the region's mass.
    agree(mass_of_tail(PLANE, c), q, 2e-4, "threshold")
    return c


def mass_of_tail(law, c):
    """Mass of a law where ln p <= c, by rays: along each, roots of ln p - c and Simpson's rule."""
    total, centre, rays = 0.0, np.array([0.2, -0.1]), 720
    r = np.linspace(0, 14, 4001)
    for angle in 2 * np.pi * (np.arange(rays) + 0.5) / rays:
        ray = np.array([np.cos(angle), np.sin(angle)])
        gap = lambda s: np.log(density(PLANE, centre + s * ray)) - c
        signs = np.log(density(PLANE, centre + r[:, None] * ray)) - c
        turns = np.flatnonzero(np.sign(signs[:-1]) != np.sign(signs[1:]))
        ends = [brentq(gap, r[i], r[i + 1]) for i in turns]
        edges = ([0.0] if signs[0] <= 0 else []) + ends + [14.0]
        for a, b in zip(edges[::2], edges[1::2]):
            nodes, weights = np.polynomial.legendre.leggauss(80)
            s = (b - a) / 2 * nodes + (a + b) / 2
            total += (b - a) / 2 * weights @ (density(law, centre + s[:, None] * ray) * s)
    return total * 2 * np.pi / rays


def tails_in_the_plane():
    g = generator("headline plane")
    fakes = rounded(g.normal([0.5, 0.0], 2.2, (40, 2)), 3)
    for q in (0.05, 0.3):
        c, text = threshold(q), f"{{ quantile = {q} }}"
        ln = np.log(density(PLANE, fakes))
        clear = fakes[np.abs(ln - c) > MARGIN]
        value = (np.log(density(PLANE, clear)) <= c).mean() / q
        yield case("tail-mass", PLANE, value, samples=clear, parameters=text)
        # A standard deviation of the mass below a threshold of 10^6 draws, relative to q.
        error = np.sqrt((1 - q) / q / 1e6)
        value = mass_of_tail(MODEL, c) / q
        yield case("tail-mass", PLANE, value, error, model=MODEL, parameters=text)


def tails_of_types():
    p, q = np.array([40, 25, 15, 10, 6, 4]) / 100, np.array([55, 30, 8, 4, 1, 2]) / 100
    for tail in (0.1, 0.22):
        rare = [kind for kind in np.argsort(p) if p[p <= p[kind]].sum() <= tail * (1 + 1e-9)]
        text, value = f"{{ quantile = {tail} }}", q[rare].sum() / p[rare].sum()
        yield case("tail-mass", {"types": p}, value, model={"types": q}, parameters=text)


def recalled(held_out, samples, k):
    radii = np.sort(cdist(samples, samples), axis=1)[:, k]
    gaps = cdist(held_out, samples) - radii[None, :]
    assert (np.abs(gaps) > 1e-9).all(), "a tie"
    return (gaps <= 0).any(axis=1)


def tail_recalls():
    g, q, k = generator("headline recall"), 0.2, 3
    text = f"{{ quantile = {q}, neighbours = {k} }}"
    held_out, samples = (
        rounded(g.normal(size=(50, 2)), 3),
        rounded(g.normal(0.2, 0.9, size=(40, 2)), 3),
    )
    reached = recalled(held_out, samples, k)
    tail = (held_out**2).sum(axis=1) >= stats.chi2(2).isf(q)
    world = normal([0.0, 0.0], np.eye(2))
    yield case(
        "tail-recall",
        world,
        reached[tail].mean(),
        held_out=held_out,
        samples=samples,
        parameters=text,
    )
    fifth = np.sort(cdist(held_out, held_out), axis=1)[:, 5]
    far = np.sort(fifth)[-10:]
    assert far[0] - np.sort(fifth)[-11] > 1e-6
    value = reached[fifth >= far[0]].mean()
    yield case("tail-recall", {"points": held_out}, value, samples=samples, parameters=text)


def wide():
    """Fakes wider than the reals, so that some of them lie in no ball of a real."""
    g, k = generator("headline wide"), 3
    real, fake = rounded(g.normal(size=(30, 2)), 3), rounded(g.normal(0, 2.0, size=(25, 2)), 3)
    value = recalled(fake, real, k).mean()
    agree(compute_prdc(real, fake, nearest_k=k)["precision"], value, what="precision")
    assert 0.2 < value < 0.8
    text = f"{{ neighbours = {k} }}"
    yield case("precision", {"points": real}, value, samples=fake, parameters=text)


def risks():
    world, model = np.array([0.4, -1.0, 0.7]), np.array([0.1, -0.6, 1.3])
    nodes, weights = np.polynomial.hermite_e.hermegauss(5)
    nets = np.meshgrid(nodes, nodes, nodes)
    w = np.prod(np.meshgrid(weights, weights, weights), axis=0) / (2 * np.pi) ** 1.5
    error = sum(x * (a - b) for x, a, b in zip(nets, model, world)) ** 2
    value = agree((w * error).sum(), ((model - world) ** 2).sum(), what="excess risk")
    laws = [{"regression": {"weights": v, "noise": 0.5}} for v in (world, model)]
    yield case("excess-risk", laws[0], value, model=laws[1])


def vendis():
    g, h = generator("headline vendi"), 0.8
    some = rounded(g.normal(size=(40, 2)), 3)
    samples = some[np.r_[0:40, 0:9]]
    kernel = np.exp(-cdist(samples, samples, "sqeuclidean") / (2 * h * h))
    values = np.clip(np.linalg.eigvalsh(kernel / len(samples)), 0, None)
    agree(values.sum(), 1.0, what="trace")
    trace = (kernel**2).mean()
    agree(values @ values, trace, what="trace of the square")
    scores = {
        "1.0": np.exp(-special.xlogy(values, values).sum()),
        "0.5": np.sqrt(values).sum() ** 2,
        "2.0": 1 / trace,
        "3.5": (values**3.5).sum() ** (1 / (1 - 3.5)),
        '"infinity"': 1 / np.linalg.norm(kernel / len(samples), 2),
    }
    agree(sorted(scores.values()), [scores[q] for q in reversed(sorted(scores, key=order))])
    for q, value in scores.items():
        text = f"{{ order = {q}, bandwidth = {h} }}"
        # The root of a rounding error is not small.
        rest = {"tolerance": 1e-6} if q == "0.5" else {}
        yield case("vendi", {"points": some}, value, samples=samples, parameters=text, **rest)


def order(q):
    return np.inf if "infinity" in q else float(q)


def secrets():
    """A model that remembers most of its founders, and one that does not."""
    g = generator("headline founders")
    founders, held_out = rounded(g.normal(size=(25, 3)), 3), rounded(g.normal(size=(31, 3)), 3)
    world = normal([0.0, 0.0, 0.0], np.eye(3))
    near = founders[g.integers(0, 25, size=28)] + 0.3 * g.normal(size=(28, 3))
    for samples in (rounded(near, 3), rounded(0.9 * g.normal(size=(30, 3)), 3)):
        of_samples, of_held_out = (cdist(x, founders).min(axis=1) for x in (samples, held_out))
        rest = {"founders": founders, "held_out": held_out, "samples": samples}
        yield case("nearest-real", world, np.median(of_samples) / np.median(of_held_out), **rest)
        scores = [-cdist(x, samples).min(axis=1) for x in (founders, held_out)]
        yield case("membership", world, area(*scores), **rest)
    yield from secrets_of_integers()
    mean, covariance = rounded(founders.mean(axis=0)), rounded(np.cov(founders.T, bias=True))
    law = stats.multivariate_normal(mean, covariance)
    yield case(
        "membership",
        world,
        area(law.logpdf(founders), law.logpdf(held_out)),
        founders=founders,
        held_out=held_out,
        model=normal(mean, covariance),
        parameters='{ attack = "likelihood" }',
    )


def secrets_of_integers():
    """Distances that tie, within and between founders and the rest."""
    g = generator("headline integers")
    founders, held_out = (g.integers(0, 6, size=(n, 2)).astype(float) for n in (20, 26))
    samples = g.integers(1, 4, size=(12, 2)).astype(float)
    scores = [-cdist(x, samples).min(axis=1) for x in (founders, held_out)]
    assert len(np.intersect1d(*scores)) >= 3, "no ties"
    rest = {"founders": founders, "held_out": held_out, "samples": samples}
    yield case("membership", normal([0.0, 0.0], np.eye(2)), area(*scores), **rest)


def area(members, others):
    value = roc_auc_score(np.r_[members * 0 + 1, others * 0], np.r_[members, others])
    u = stats.mannwhitneyu(members, others).statistic
    return agree(value, u / len(members) / len(others), what="area under the curve")


def golden():
    makers = (moments, modes, tails_on_a_line, tail_of_a_normal, tails_in_the_plane)
    makers += (tails_of_types, tail_recalls, wide, risks, vendis, secrets)
    return {"about": ABOUT, "cases": [one for maker in makers for one in maker()]}
