"""profile.json: courses of a risk by scipy's curve_fit, sign tests, slopes of logarithms."""

import numpy as np
from scipy import optimize, stats

from .common import agree, generator, rounded

ABOUT = {
    "courses": "scipy curve_fit, unweighted: power a + b t^c, levelling a + b (1 - exp(-t / tau)); shape is c or tau, squares the sum of squared residuals; agrees with a search over c or tau alone, a and b those of a line",
    "signs": "scipy binomtest, one-sided: p of as many ups among ups and downs, each fair",
    "slopes": "scipy linregress of ln y over t",
}

FORMS = {
    "power": lambda t, a, b, c: a + b * t**c,
    "levelling": lambda t, a, b, tau: a + b * (1 - np.exp(-t / tau)),
}
CASES = [
    ("power", "nearly a line", 15, 0.3, 0.8, 1.05, 0.2),
    ("power", "a square", 12, 1.0, 0.05, 2.1, 0.1),
    ("power", "a root", 40, 0.0, 1.5, 0.45, 0.05),
    ("power", "levelling algebraically", 25, 2.0, -1.1, -0.9, 0.01),
    ("levelling", "soon", 20, 0.5, 1.2, 2.5, 0.02),
    ("levelling", "late", 30, 0.0, 4.0, 18.0, 0.03),
    ("levelling", "downwards", 18, 3.0, -2.0, 5.0, 0.05),
]


def course(family, name, n, a, b, shape, noise):
    form = FORMS[family]
    t = np.arange(1, n + 1, dtype=float)
    y = rounded(form(t, a, b, shape) + noise * generator(name).normal(size=n))
    found, _ = optimize.curve_fit(form, t, y, p0=(a, b, shape), maxfev=100000, ftol=1e-15, xtol=1e-15, gtol=1e-15)
    squares = float(np.sum((form(t, *found) - y) ** 2))

    def left(shape):
        basis = np.column_stack([np.ones(n), form(t, 0, 1, shape)])
        return float(np.sum((basis @ np.linalg.lstsq(basis, y, rcond=None)[0] - y) ** 2))

    width = 0.3 * abs(found[2])
    alone = optimize.minimize_scalar(left, bounds=(found[2] - width, found[2] + width), method="bounded", options={"xatol": 1e-12})
    agree(alone.fun, squares, what=f"residuals of {name}")
    agree(alone.x, found[2], tolerance=1e-5, what=f"shape of {name}")
    return {"family": family, "name": name, "t": t, "y": y, "a": found[0], "b": found[1], "shape": found[2], "squares": squares}


def sign(up, down):
    return {"up": up, "down": down, "p": float(stats.binomtest(up, up + down, 0.5, alternative="greater").pvalue)}


def slope(name, n):
    t = np.cumsum(generator(name).integers(1, 4, n)).astype(float)
    y = rounded(np.exp(-0.07 * t + 0.2 * generator(name + " noise").normal(size=n)), 9)
    return {"name": name, "t": t, "y": y, "slope": float(stats.linregress(t, np.log(y)).slope)}


def golden():
    return {
        "about": ABOUT,
        "courses": [course(*case) for case in CASES],
        "signs": [sign(*case) for case in [(5, 0), (9, 3), (20, 20), (0, 7), (41, 19), (320, 250)]],
        "slopes": [slope("few", 5), slope("many", 30)],
    }
