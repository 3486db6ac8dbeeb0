"""text.json: metrics of texts, by NLTK, sacrebleu, SciPy and NumPy."""

import itertools
import logging
import math

import numpy as np
from nltk.lm import Laplace, MLE
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu
from nltk.util import ngrams
from sacrebleu.metrics import BLEU
from scipy import stats
from scipy.special import rel_entr

from .common import agree, generator

ABOUT = {
    "cases": "the value of `metric`, with `parameters`, for `model` in the world `world`; `samples` stand in the model's place, or are the offspring of a lineage whose first model is `founder`",
    "laws": "`types`: independent tokens, sequences of `length`; `transitions`: a stationary chain; `sequences`: all rows of a finite text",
    "perplexity": "exp(-sum ln p / tokens) over all held-out sequences; nltk.lm for independent tokens",
    "founder-perplexity": "the same of `samples` under `founder`",
    "kl": "sum over all sequences of p ln(p/q), by enumeration; scipy.special.rel_entr",
    "reverse-kl": "the same the other way round",
    "distinct": "unique n-grams / n-grams over all sequences; nltk.util.ngrams",
    "repetition": "mean over sequences with an n-gram of 1 - unique / n-grams; nltk.util.ngrams",
    "self-bleu": "mean sentence BLEU-4 of each sequence against all others, nltk, smoothing method1; where all have four tokens or more also sacrebleu, floor 0.1",
    "zipf": "minus the slope of ln count on ln rank over the first `ranks` types that occur; scipy.stats.linregress, numpy.polyfit",
    "band-survival": "share of the world's types that occur, among those whose middle lies in a third of the cumulated mass, ties together; `rare` if not said",
}

# It would advise to leave out orders that a short text has not: the definition here does not.
logging.getLogger("sacrebleu").setLevel(logging.ERROR)


def case(metric, world, value, **rest):
    return {"metric": metric, "world": world, **rest, "value": value}


def text(sequences, vocabulary):
    return {"sequences": [[int(token) for token in s] for s in sequences], "vocabulary": vocabulary}


def words(sequence):
    return [f"w{token}" for token in sequence]


def zipfian(name, n, length, vocabulary, exponent=1.0):
    """Texts of independent tokens; `length` is a number, or a range of them."""
    random = generator(name)
    weights = np.arange(1, vocabulary + 1) ** -exponent
    low, high = (length, length) if isinstance(length, int) else length
    lengths = random.integers(low, high + 1, n)
    return [random.choice(vocabulary, size, p=weights / weights.sum()) for size in lengths]


def distinct(sequences, n):
    grams = [gram for s in sequences for gram in ngrams(list(map(int, s)), n)]
    return len(set(grams)) / len(grams)


def repetition(sequences, n):
    of = [list(ngrams(list(map(int, s)), n)) for s in sequences]
    return float(np.mean([1 - len(set(grams)) / len(grams) for grams in of if grams]))


def self_bleu(sequences):
    texts = [words(s) for s in sequences]
    others = [texts[:i] + texts[i + 1 :] for i in range(len(texts))]
    smooth = SmoothingFunction().method1
    nltk = [
        sentence_bleu(rest, one, weights=(0.25,) * 4, smoothing_function=smooth)
        for one, rest in zip(texts, others)
    ]
    if min(map(len, texts)) >= 4:
        bleu = BLEU(smooth_method="floor", smooth_value=0.1, tokenize="none", effective_order=False)
        for ours, one, rest in zip(nltk, texts, others):
            theirs = bleu.sentence_score(" ".join(one), [" ".join(r) for r in rest]).score / 100
            # Without any match of a single word NLTK gives 0, sacrebleu its floor.
            if set(one) & set().union(*rest):
                agree(ours, theirs, what="self-BLEU")
    return float(np.mean(nltk))


def zipf(counts, ranks):
    counts = np.sort(np.asarray(counts, dtype=float))[::-1]
    counts = counts[counts > 0][:ranks]
    x, y = np.log(np.arange(1, len(counts) + 1)), np.log(counts)
    return agree(-np.polyfit(x, y, 1)[0], -stats.linregress(x, y).slope, what="zipf")


def unigram(kind, train, vocabulary):
    """The law of single tokens of an NLTK model, and the model."""
    model = kind(1)
    known = words(range(vocabulary))
    model.fit([[(word,) for word in words(s)] for s in train], vocabulary_text=known)
    scores = [model.score(word) for word in known]
    if kind is Laplace:
        # NLTK counts its label for unknown words as one more type.
        counts = np.bincount(np.concatenate(train), minlength=vocabulary) + 1.0
        agree(counts / (counts.sum() + 1), np.array(scores), what="Laplace")
    return scores, model


def unigram_perplexity(model, sequences):
    return model.perplexity([(word,) for s in sequences for word in words(s)])


def stationary(transitions):
    values, vectors = np.linalg.eig(np.asarray(transitions).T)
    pi = np.real(vectors[:, np.argmin(abs(values - 1))])
    return pi / pi.sum()


def probability(law, sequence):
    if "types" in law:
        weights = np.asarray(law["types"])
        return float(np.prod((weights / weights.sum())[list(sequence)]))
    p = np.asarray(law["transitions"])
    steps = [p[a, b] for a, b in zip(sequence, sequence[1:])]
    return float(stationary(p)[sequence[0]] * np.prod(steps))


def perplexity(law, sequences):
    ln = sum(math.log(probability(law, list(map(int, s)))) for s in sequences)
    return math.exp(-ln / sum(map(len, sequences)))


def kl(p, q, types):
    every = list(itertools.product(range(types), repeat=p["length"]))
    of = lambda law: np.array([probability(law, s) for s in every])
    agree(of(p).sum(), 1.0, what="mass of all sequences")
    return float(rel_entr(of(p), of(q)).sum())


def chain(name, types, length, concentration=1.0):
    rows = generator(name).dirichlet([concentration] * types, types).round(4)
    rows[:, -1] = (1 - rows[:, :-1].sum(axis=1)).round(4)
    return {"transitions": rows.tolist(), "length": length}


def band_survival(p, alive, band):
    p = np.asarray(p, dtype=float) / np.sum(p)
    kept = []
    for kind, mass in enumerate(p):
        middle = p[p < mass].sum() + 0.5 * p[p == mass].sum()
        inside = {"rare": (0, 1 / 3), "middle": (1 / 3, 2 / 3), "frequent": (2 / 3, 1)}[band]
        if mass > 0 and inside[0] <= middle < inside[1]:
            kept.append(alive[kind])
    return float(np.mean(kept))


def counts_of(sequences, vocabulary):
    return np.bincount(np.concatenate(sequences).astype(int), minlength=vocabulary)


def diversity():
    here = {"types": [1.0] * 30, "length": 12}
    even, ragged = zipfian("even", 20, 12, 30), zipfian("ragged", 30, (1, 9), 12)
    loops = [np.tile(s[:3], 4) for s in zipfian("loops", 15, 3, 30)]
    for sequences in (even, ragged, loops):
        samples = text(sequences, 30)
        yield case("self-bleu", here, self_bleu(sequences), samples=samples)
        for n in (1, 2, 3):
            with_n = f"{{ n = {n} }}"
            yield case("distinct", here, distinct(sequences, n), samples=samples, parameters=with_n)
            with_n = {"samples": samples, "parameters": with_n}
            yield case("repetition", here, repetition(sequences, n), **with_n)
        yield case("distinct", here, distinct(sequences, 2), samples=samples)
        yield case("repetition", here, repetition(sequences, 4), samples=samples)
    strangers = [np.arange(5), np.arange(5, 10), np.array([0, 1, 2, 3, 20]), np.array([25])]
    yield case("self-bleu", here, self_bleu(strangers), samples=text(strangers, 30))


def likelihood():
    train, held_out = zipfian("train", 10, 20, 8), zipfian("held out", 12, (3, 15), 8)
    for kind in (Laplace, MLE):
        scores, model = unigram(kind, train, 8)
        # Laplace's mass of unknown words is a ninth type that never occurs.
        types = scores + ([1.0 - sum(scores)] if kind is Laplace else [])
        law, world = {"types": types, "length": 1}, text(held_out, len(types))
        value = agree(unigram_perplexity(model, held_out), perplexity(law, held_out), what="perplexity")
        yield case("perplexity", world, value, model=law)
        yield case("founder-perplexity", world, value, founder=law, samples=text(held_out, len(types)))
    law = chain("judge", 8, 15)
    yield case("perplexity", text(held_out, 8), perplexity(law, held_out), model=law)
    yield case(
        "founder-perplexity", text(train, 8), perplexity(law, held_out), founder=law,
        samples=text(held_out, 8),
    )


def divergence():
    for types, length in ((2, 9), (3, 6), (5, 4)):
        p, q = chain(f"p{types}", types, length), chain(f"q{types}", types, length)
        flat = {"types": generator(f"f{types}").integers(1, 9, types).tolist(), "length": length}
        for a, b in ((p, q), (q, p), (p, flat), (flat, q)):
            yield case("kl", a, kl(a, b, types), model=b)
            yield case("reverse-kl", a, kl(b, a, types), model=b)


def vocabulary():
    here, sequences = {"types": [1.0] * 60, "length": 25}, zipfian("vocabulary", 80, 25, 60, 1.1)
    counts = counts_of(sequences, 60)
    for ranks in (10, 1000):
        rest = {} if ranks == 1000 else {"parameters": f"{{ ranks = {ranks} }}"}
        samples = text(sequences, 60)
        yield case("zipf", here, zipf(counts, ranks), samples=samples, **rest)
    law = (np.arange(1, 61) + 2.7) ** -1.2
    yield case("zipf", here, zipf(law, 1000), model={"types": law.tolist(), "length": 25})
    few = sequences[:3]
    for band in ("rare", "middle", "frequent"):
        alive = counts_of(few, 60) > 0
        rest = {"samples": text(few, 60), "parameters": f'{{ band = "{band}" }}'}
        value = band_survival(law, alive, band)
        yield case("band-survival", {"types": law.tolist(), "length": 25}, value, **rest)
        yield case("band-survival", text(sequences, 60), band_survival(counts, alive, band), **rest)


def golden():
    parts = (diversity(), likelihood(), divergence(), vocabulary())
    return {"about": ABOUT, "cases": [case for part in parts for case in part]}
