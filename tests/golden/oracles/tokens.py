"""tokens.json: distances and diversity of categorical laws, Zipf-Mandelbrot, and a Markov chain."""

import numpy as np
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr
from scipy.stats import entropy

from .common import agree, generator

ABOUT = {
    "kl": 'KL(p||q) in nats, "inf" where p has mass that q lacks; scipy.special.rel_entr',
    "jensen_shannon": "divergence in nats, at most ln 2: the square of scipy's jensenshannon, which is a distance",
    "l2": "sum of (p - q)^2",
    "total_variation": "half the sum of |p - q|",
    "cross_entropy": "-sum p ln q = entropy of p + KL(p||q)",
    "support": "share of the types of p (probability above 0) that q keeps",
    "missing_mass": "mass of p on the types that q has none of",
    "heterozygosity": "1 - sum p^2",
    "zipf": "p(r) proportional to (r + shift)^-exponent, ranks r = 1..types",
    "markov": "rows of the transition matrix sum to 1; stationary: left eigenvector; entropy_rate: -sum pi_i P_ij ln P_ij",
    "cross_entropy_transitions": "mean of -ln P(next|current) over the length - 1 transitions",
    "cross_entropy_with_start": "the same sum plus -ln pi(first), divided by the length",
}


def divergences(p, q):
    gap = jensenshannon(p, q) ** 2
    middle = (p + q) / 2
    agree((rel_entr(p, middle) + rel_entr(q, middle)).sum() / 2, gap, what="jensen-shannon")
    return {
        "kl": rel_entr(p, q).sum(),
        "reverse_kl": rel_entr(q, p).sum(),
        "jensen_shannon": gap,
        "l2": ((p - q) ** 2).sum(),
        "total_variation": np.abs(p - q).sum() / 2,
        "cross_entropy": "-sum p ln q = entropy of p + KL(p||q)",
        "support": (q[p > 0] > 0).mean(),
        "missing_mass": p[q == 0].sum(),
        "entropy": {"p": entropy(p), "q": entropy(q)},
        "heterozygosity": {"p": 1 - p @ p, "q": 1 - q @ q},
        "cross_entropy": entropy(p) + rel_entr(p, q).sum(),
    }


def categorical():
    """All probabilities are multiples of 1/100, and sum to 1."""
    laws = {
        "lost-types": ([40, 25, 15, 10, 6, 4, 0, 0], [60, 25, 10, 5, 0, 0, 0, 0]),
        "same-support": ([50, 30, 15, 5], [70, 20, 8, 2]),
        "fixated": ([40, 30, 20, 10], [100, 0, 0, 0]),
        "equal": ([55, 45, 0], [55, 45, 0]),
        "disjoint": ([50, 50, 0, 0], [0, 0, 50, 50]),
    }
    for name, (p, q) in laws.items():
        p, q = np.array(p) / 100, np.array(q) / 100
        yield {"name": name, "p": p, "q": q, "expected": divergences(p, q)}


def zipf():
    for types, exponent, shift in ((10, 1.0, 0.0), (50, 1.2, 2.7), (1000, 1.5, 0.0)):
        mass = (np.arange(1, types + 1) + shift) ** -exponent
        p = mass / mass.sum()
        rare = {"last": p[-1], "tail_half": p[types // 2 :].sum()}
        law = {"types": types, "exponent": exponent, "shift": shift}
        yield {**law, "first": p[:10], **rare, "entropy": entropy(p), "heterozygosity": 1 - p @ p}


def markov():
    chain = np.array([[70, 20, 10, 0], [10, 60, 20, 10], [5, 15, 50, 30], [25, 0, 35, 40]]) / 100
    values, vectors = np.linalg.eig(chain.T)
    first = np.real(vectors[:, np.argmin(np.abs(values - 1))])
    stationary = first / first.sum()
    agree(np.linalg.matrix_power(chain, 400)[0], stationary, what="stationary law")
    g, sequence = generator("markov"), [2]
    while len(sequence) < 60:
        sequence.append(int(g.choice(4, p=chain[sequence[-1]])))
    losses = -np.log([chain[a, b] for a, b in zip(sequence, sequence[1:])])
    logs = np.log(np.where(chain > 0, chain, 1))
    return {
        "transitions": chain,
        "stationary": stationary,
        "entropy_rate": -(stationary[:, None] * chain * logs).sum(),
        "sequence": sequence,
        "cross_entropy_transitions": losses.mean(),
        "cross_entropy_with_start": (losses.sum() - np.log(stationary[sequence[0]]))
        / len(sequence),
        "impossible": {"sequence": [0, 3], "cross_entropy_transitions": np.inf},
    }


def golden():
    return {
        "about": ABOUT,
        "categorical": list(categorical()),
        "zipf": list(zipf()),
        "markov": markov(),
    }
