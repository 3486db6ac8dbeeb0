"""utility.json: what judges trained on synthetic points say of real ones, by scikit-learn."""

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, recall_score
from sklearn.neighbors import KNeighborsClassifier

from .common import agree, generator, rounded

ABOUT = {
    "cases": "the value of `metric`, with `parameters`, for labelled `samples` in the model's place and the real points of `world`, which are held out and train the real judge, too",
    "scale": "coordinates minus the mean and over the deviation (divisor n) of the real points",
    "logistic": "one regression for each class against the rest, sum of log losses + (|w|^2 + b^2) / 2; the class of the highest logit",
    "nearest-neighbour": "the label of the nearest point",
    "train-on-synthetic-test-on-real": "score of the judge of `samples` over that of the judge of the real points, both on the real points",
    "class-recall": "share of the real points of `class`, the rarest if none is given, that the judge of `samples` recognises",
}


def against_the_rest(x, own):
    """Coefficients, the intercept last: scikit-learn, checked by a general minimiser."""
    ones = np.column_stack([x, np.ones(len(x))])
    fitted = LogisticRegression(C=1.0, fit_intercept=False, tol=1e-12, max_iter=10_000, solver="newton-cholesky")
    fitted.fit(ones, own)

    def loss(b):
        z = ones @ b
        return np.sum(np.logaddexp(0, z) - own * z) + 0.5 * b @ b

    found = minimize(loss, np.zeros(ones.shape[1]), method="BFGS", options={"gtol": 1e-8})
    agree(fitted.coef_[0], found.x, 1e-4, "logistic coefficients")
    return fitted.coef_[0]


def logistic(train, labels, tested):
    classes = np.unique(labels)
    if len(classes) == 1:
        return np.full(len(tested), classes[0])
    coefficients = np.array([against_the_rest(train, labels == c) for c in classes])
    logits = np.column_stack([tested, np.ones(len(tested))]) @ coefficients.T
    ordered = np.sort(logits, axis=1)
    assert (ordered[:, -1] - ordered[:, -2]).min() > 1e-5, "a tie that rounding could break"
    return classes[np.argmax(logits, axis=1)]


def nearest(train, labels, tested):
    return KNeighborsClassifier(1, algorithm="brute").fit(train, labels).predict(tested)


JUDGES = {"logistic": logistic, "nearest-neighbour": nearest}


def labelled(rng, sizes, centres, spread):
    labels = np.repeat(np.arange(len(sizes)) * 2.0 + 1.0, sizes)
    centre = np.repeat(np.array(centres), sizes, axis=0)
    return rounded(centre + spread * rng.standard_normal(centre.shape)), labels


def golden():
    rng = generator("utility")
    real, real_labels = labelled(rng, [60, 45, 9], [[0, 0], [2.5, 1], [1, 3]], 1.0)
    fake, fake_labels = labelled(rng, [70, 50, 5], [[0.3, 0.2], [2.2, 0.8], [1.2, 1.8]], 0.7)
    two, two_labels = fake[fake_labels != 5], fake_labels[fake_labels != 5]
    mean, deviation = real.mean(axis=0), real.std(axis=0)
    scale = lambda x: (x - mean) / deviation
    cases = []
    for samples, labels in [(fake, fake_labels), (two, two_labels)]:
        world = {"points": real.tolist(), "labels": real_labels.tolist()}
        synthetic = {"samples": samples.tolist(), "labels": labels.tolist()}
        for name, judge in JUDGES.items():
            told = judge(scale(samples), labels, scale(real))
            own = judge(scale(real), real_labels, scale(real))
            accuracy = (told == real_labels).mean() / (own == real_labels).mean()
            balanced = balanced_accuracy_score(real_labels, told) / balanced_accuracy_score(real_labels, own)
            recalls = recall_score(real_labels, told, average=None, labels=[1.0, 3.0, 5.0], zero_division=0)
            of = lambda metric, parameters, value: cases.append(
                {"metric": metric, "parameters": parameters, "world": world, **synthetic, "value": value}
            )
            for score, value in [("accuracy", accuracy), ("balanced", balanced)]:
                table = f'{{ judge = "{name}", score = "{score}" }}'
                of("train-on-synthetic-test-on-real", table, value)
            of("class-recall", f'{{ judge = "{name}" }}', recalls[2])
            of("class-recall", f'{{ judge = "{name}", class = 3 }}', recalls[1])
    return {"about": ABOUT, "cases": cases}
