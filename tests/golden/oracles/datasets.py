"""datasets.json: where the points of the well-known toy sets lie when nothing is random, and digits."""

import inspect

import numpy as np
from sklearn import datasets

from .common import agree

ABOUT = {
    "moons": "outer (cos a, sin a), inner (1 - cos a, 1/2 - sin a), a in [0, pi], ends included; floor(n/2) outer, the rest inner",
    "circles": "outer (cos a, sin a), inner factor times that, a = 2 pi i / m, i = 0..m-1; floor(n/2) outer, the rest inner; factor 0.8 unless told",
    "swiss_roll": "(a cos a, 21 v, a sin a) with a = 3 pi/2 (1 + 2 u), u and v uniform on [0, 1); the returned position is a",
    "noise": "the noise of all three is the standard deviation of a normal added to every coordinate",
    "blobs": "centres uniform in the cube `center_box`, points normal around them with `cluster_std` on every axis; one centre set per call unless centres are given",
    "rows": "sums over rows weigh row i, from 0, by i + 1; the first columns are mean radius, mean texture and mean perimeter, and age, sex and body mass",
    "digits": "8 x 8 images, 64 pixels of 0..16, row by row, and a label",
}


def moons(n):
    points, label = datasets.make_moons(n, shuffle=False, noise=None)
    outer, inner = np.linspace(0, np.pi, n // 2), np.linspace(0, np.pi, n - n // 2)
    first = np.column_stack([np.cos(outer), np.sin(outer)])
    second = np.column_stack([1 - np.cos(inner), 0.5 - np.sin(inner)])
    return {
        "n": n,
        "points": agree(np.vstack([first, second]), points, what="moons"),
        "label": label,
    }


def circles(n):
    points, label = datasets.make_circles(n, shuffle=False, noise=None)
    factor = inspect.signature(datasets.make_circles).parameters["factor"].default
    angles = [np.arange(m) * 2 * np.pi / m for m in (n // 2, n - n // 2)]
    rings = [r * np.column_stack([np.cos(a), np.sin(a)]) for r, a in zip((1, factor), angles)]
    return {
        "n": n,
        "factor": factor,
        "points": agree(np.vstack(rings), points, what="circles"),
        "label": label,
    }


def swiss_roll(n):
    points, angle = datasets.make_swiss_roll(n, noise=0.0, random_state=0)
    u, v = (angle / (1.5 * np.pi) - 1) / 2, points[:, 1] / 21
    plain = np.column_stack([angle * np.cos(angle), 21 * v, angle * np.sin(angle)])
    assert ((u >= 0) & (u < 1) & (v >= 0) & (v < 1)).all()
    return {
        "n": n,
        "u": u,
        "v": v,
        "points": agree(plain, points, what="swiss roll"),
        "position": angle,
    }


def blobs():
    known = inspect.signature(datasets.make_blobs).parameters
    _, _, centers = datasets.make_blobs(random_state=0, return_centers=True)
    defaults = {name: known[name].default for name in ("n_features", "cluster_std", "center_box")}
    return {**defaults, "default_centers": len(centers)}


def digits():
    images, label = datasets.load_digits(return_X_y=True)
    return {
        "n": len(images),
        "pixels": images.shape[1],
        "maximum": images.max(),
        "mean_pixel": images.mean(),
        "variance_pixel_divisor_n": images.var(),
        "label_counts": np.bincount(label),
        "first_labels": label[:20],
        "row_0": images[0].astype(int),
        "row_0_sum": images[0].sum(),
        "row_last_sum": images[-1].sum(),
        "pixel_means": images.mean(axis=0),
        "sum_of_squares": (images**2).sum(),
    }


def table(load, above=0):
    """A few columns and the labels, with their order."""
    rows, target = load(return_X_y=True)
    label = target > above
    place = np.arange(1, len(rows) + 1)
    return {
        "n": len(rows),
        "columns": rows.shape[1],
        "row_0": rows[0],
        "first_columns": {"weighted": place @ rows[:, :3]},
        "label": {"sum": label.sum(), "weighted": place @ label},
    }


def golden():
    return {
        "about": ABOUT,
        "moons": [moons(8), moons(11)],
        "circles": [circles(8), circles(11)],
        "swiss_roll": swiss_roll(6),
        "blobs": blobs(),
        "digits": digits(),
        "breast_cancer": table(datasets.load_breast_cancer),
        "diabetes": table(datasets.load_diabetes, above=100),
    }
