"""ngram.json: next-token probabilities of n-gram models of small texts."""

from itertools import product

from nltk.lm import MLE, KneserNeyInterpolated, Lidstone
from nltk.lm.smoothing import KneserNey

from .common import agree, generator

START = "<s>"

ABOUT = {
    "source": "nltk.lm, fed with the n-grams that end at a token, n - 1 start symbols before each sequence; no grams end at a start symbol, and no end symbols are added",
    "vocabulary": "the types of the text and one that never occurs: nltk counts its label of unknown words as a type",
    "contexts": "oldest token first; -1 is the start of the sequence",
    "probabilities": "one row a context, one number a type",
    "maximum-likelihood": "contexts that occur",
    "additive": "all contexts",
    "kneser-ney": "all contexts but those that have a start symbol as the oldest token of one of their proper suffixes: nltk gives the shorter grams that begin with a start symbol a continuation count of one, where they are counted as they occur here, since nothing else can stand before them; and the lowest order is interpolated with the uniform law here, which nltk leaves out (unigram_score is replaced)",
}


class ToUniform(KneserNey):
    """Whose unigrams give their discounts to the uniform law."""

    def unigram_score(self, word):
        words = [one for one in self.vocab if one != START]
        counts = {one: self._continuation_counts(one)[0] for one in words}
        total = sum(counts.values())
        agree(total, self._continuation_counts(word)[1], what="continuations")
        kept = max(counts[word] - self.discount, 0) / total
        rest = self.discount * sum(count > 0 for count in counts.values()) / total
        return kept + rest / len(words)


def grams(sequences, order):
    for sequence in sequences:
        padded = [START] * (order - 1) + [str(kind) for kind in sequence]
        for end in range(order - 1, len(padded)):
            yield from (tuple(padded[end - k : end + 1]) for k in range(order))


def trained(model, sequences, order, types):
    model.vocab.update(str(kind) for kind in range(types) for _ in range(2))
    model.counts.update([list(grams(sequences, order))])
    return model


def contexts(order, types, length):
    """Of every position of a sequence: starts first, then any tokens."""
    for starts in range(order):
        if order - 1 - starts <= length:
            for tokens in product(range(types), repeat=order - 1 - starts):
                yield (-1,) * starts + tokens


def spelled(context):
    return tuple(START if kind < 0 else str(kind) for kind in context)


def scores(model, order, types, length, wanted):
    words = [str(kind) for kind in range(types)] + ["<UNK>"]
    rows = [c for c in contexts(order, types, length) if wanted(c)]
    table = [[model.unmasked_score(word, spelled(c)) for word in words] for c in rows]
    agree([sum(row) for row in table], [1.0] * len(rows), what="a total of one")
    return {"contexts": rows, "probabilities": table}


def case(order, types, count, length):
    g = generator(f"ngram {order} {types}")
    sequences = (g.random((count, length)) ** 2 * types).astype(int).tolist()
    # As text does, repeat what was said.
    sequences += sequences[: count // 3]
    likely = trained(MLE(order), sequences, order, types)
    gamma, discount = 0.3, 0.1
    additive = trained(Lidstone(gamma, order), sequences, order, types)
    smooth = KneserNeyInterpolated(order, discount=discount)
    smooth.estimator = ToUniform(smooth.vocab, smooth.counts, order, discount=discount)
    trained(smooth, sequences, order, types)
    occurs = lambda c: order == 1 or likely.counts[spelled(c)].N() > 0
    no_start_below = lambda c: -1 not in c[1:]
    score = lambda model, wanted: scores(model, order, types, length, wanted)
    return {
        "order": order,
        "vocabulary": types + 1,
        "sequences": sequences,
        "amount": gamma,
        "discount": discount,
        "maximum-likelihood": score(likely, occurs),
        "additive": score(additive, lambda c: True),
        "kneser-ney": score(smooth, no_start_below),
    }


def golden():
    sizes = [(2, 4, 9, 5), (2, 7, 12, 8), (3, 3, 9, 6), (3, 5, 15, 7)]
    return {"about": ABOUT, "cases": [case(*size) for size in sizes]}
