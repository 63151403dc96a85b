#!/usr/bin/env python3
"""Writes Tests/Fixtures/metric-cases.json: inputs of metrics, and scikit-learn's results.

    python3 Tests/SlopeTrainingTests/make-metric-cases.py

Needs scikit-learn 1.8 or newer. A result that is null is undefined: where scikit-learn warns and
returns 0 or NaN, see `undefined`. What scikit-learn cannot compute is computed here: numbers whose
squares overflow, or whose offsets cost their digits, with fractions; one-versus-one with weights
from its pairs; weighted calibration, and the expected calibration error, with NumPy.
"""

import json
import math
import pathlib
import warnings
from fractions import Fraction

import numpy as np
from sklearn import calibration, metrics
from sklearn.utils.stats import _weighted_percentile

OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "Fixtures" / "metric-cases.json"
LEVELS = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1]
random = np.random.default_rng(14)
warnings.simplefilter("ignore")


def undefined(value):
    """A number, or None for NaN."""
    return None if value is None or math.isnan(value) else float(value)


# Regression


def regression(name, predictions, targets, weights=None):
    p, t = np.asarray(predictions, float), np.asarray(targets, float)
    w = None if weights is None else np.asarray(weights, float)
    counted = np.ones(len(t), bool) if w is None else w > 0
    is_constant = len(set(t[counted].tolist())) < 2
    errors = np.abs(p - t)
    ones = np.ones(len(t)) if w is None else w
    median = metrics.median_absolute_error(t, p, sample_weight=w)
    quantiles = [_weighted_percentile(errors, ones, 100 * q, average=True) for q in LEVELS]
    assert math.isclose(median, quantiles[LEVELS.index(0.5)])
    return case(name, p, t, w, {
        "mae": metrics.mean_absolute_error(t, p, sample_weight=w),
        "mse": metrics.mean_squared_error(t, p, sample_weight=w),
        "rmse": metrics.root_mean_squared_error(t, p, sample_weight=w),
        "r2": None if is_constant else metrics.r2_score(t, p, sample_weight=w),
        "mape": metrics.mean_absolute_percentage_error(t, p, sample_weight=w),
        "maximum": metrics.max_error(t[counted], p[counted]),
        "quantiles": [float(q) for q in quantiles],
    })


def exact_regression(name, predictions, targets, weights=None):
    """The same with fractions, rounded once."""
    w = [Fraction(x) for x in (weights or [1] * len(targets))]
    p, t = [Fraction(x) for x in predictions], [Fraction(x) for x in targets]
    total = sum(w)

    def mean(values):
        return sum(a * b for a, b in zip(w, values)) / total

    def number(value):
        try:
            return float(value)
        except OverflowError:
            return "inf"

    def root(value):
        # To 2^-100 of the value.
        shift = max(0, 220 - (value.numerator.bit_length() - value.denominator.bit_length()))
        shift += shift % 2
        return number(Fraction(math.isqrt(int(value * 2**shift)), 2 ** (shift // 2)))

    errors = [abs(a - b) for a, b in zip(p, t)]
    square = mean([e * e for e in errors])
    middle = mean(t)
    spread = mean([(x - middle) ** 2 for x in t])
    epsilon = Fraction(2) ** -52
    return case(name, predictions, targets, weights, {
        "mae": number(mean(errors)),
        "mse": number(square),
        "rmse": root(square),
        "r2": number(1 - square / spread),
        "mape": number(mean([e / max(abs(x), epsilon) for e, x in zip(errors, t)])),
        "maximum": number(max(errors)),
        "quantiles": None,
    })


def case(name, predictions, targets, weights, expected):
    return {
        "name": name, "predictions": listed(predictions), "targets": listed(targets),
        "weights": None if weights is None else listed(weights), "expected": expected,
    }


def listed(values):
    return [float(value) for value in values]


def regressions():
    t = np.round(random.normal(size=12), 2)
    p = np.round(t + random.normal(size=12) / 2, 2)
    w = np.array([0, 1, 2, 0.5, 0, 3, 1, 1, 0.25, 0, 2, 1])
    ties = np.array([1, 1, 2, 2, 2, 3, 3, 3, 3, 9.0])
    ties_w = np.array([1, 0, 2, 0, 1, 1, 0, 3, 2, 0])
    large = [1e200, -3e200, 2e200, 2.5e200]
    offset = [1e15 + x for x in (0, 1, 2, 5, 3)]
    return [
        regression("numbers", p, t),
        regression("weights", p, t, w),
        regression("equal weights", p, t, [3] * 12),
        regression("ties", ties, ties * 0),
        regression("ties with weights", ties, ties * 0, ties_w),
        regression("tenths as weights", range(10), [0] * 9 + [1], [0.1] * 10),
        regression("a target of zero", [0.1, 1, 2], [0, 1, 3]),
        regression("right", [1, 2, 3], [1, 2, 3]),
        regression("constant targets", [1, 2, 3], [2, 2, 2]),
        regression("constant where it counts", [1, 2, 3, 4], [2, 2, 7, 2], [1, 1, 0, 2]),
        regression("worse than the mean", [3, 1, -5], [1, 2, 3]),
        regression("one row", [1.5], [1]),
        regression("two rows", [1.5, 3], [1, 2]),
        regression("the largest error has no weight", [1, 2, 90], [1, 3, 3], [1, 2, 0]),
        regression("an even number of rows with weights", [1, 2, 3, 4], [0, 0, 0, 5], [1, 1, 1, 1]),
        regression("halves of the weight", [1, 2, 3], [0, 0, 1], [2, 1, 1]),
        exact_regression("squares that overflow", [0.9e200, -3.1e200, 2.2e200, 2.5e200], large),
        exact_regression("squares that overflow, with weights", [1e200, 0, 0, 2e200], large, [1, 0.5, 0.125, 2]),
        exact_regression("differences that overflow a sum", [1.5e308, -1e308, 0], [-1e307, 1e308, 1.7e308]),
        exact_regression("squares that underflow", [1e-200, 3e-200, 2e-200], [2e-200, 1e-200, 2e-200]),
        exact_regression("an offset of 1e15", [x + 0.5 for x in offset], offset),
        exact_regression("an offset of 1e15 with weights", [x - 1 for x in offset], offset, [1, 2, 0.5, 4, 1]),
        exact_regression("weights of 1e300", [1, 2, 3], [1, 3, 5], [1e300, 1.5e308, 1e308]),
        exact_regression("weights of 1e-300", [1, 2, 3], [1, 3, 5], [1e-300, 2e-300, 1e-320]),
        exact_regression("one row that is far off", [1, 2, 3, 4], [1.5, 2, 3, 1e6]),
        exact_regression("terms that cancel", [0] * 6, [1e16, 1, 1, 1, 1, 1e-3]),
    ]


# Classification


def classification(name, k, classes, probabilities, weights=None):
    y = np.asarray(classes)
    p = np.asarray(probabilities, float).reshape(len(y), k)
    w = None if weights is None else np.asarray(weights, float)
    ones = np.ones(len(y)) if w is None else w
    labels = list(range(k))
    predicted = p.argmax(axis=1)
    expected = {
        "accuracy": metrics.accuracy_score(y, predicted, sample_weight=w),
        "balanced": undefined(metrics.balanced_accuracy_score(y, predicted, sample_weight=w)),
        "logLoss": metrics.log_loss(y, p, labels=labels, sample_weight=w),
        "brier": metrics.brier_score_loss(y, p, labels=labels, sample_weight=w, pos_label=1)
        if k == 2 else metrics.brier_score_loss(y, p, labels=labels, sample_weight=w),
        "confusion": metrics.confusion_matrix(y, predicted, labels=labels, sample_weight=w).tolist(),
        "normalized": metrics.confusion_matrix(
            y, predicted, labels=labels, sample_weight=w, normalize="true").tolist(),
    }
    scores = metrics.precision_recall_fscore_support(
        y, predicted, labels=labels, sample_weight=w, zero_division=np.nan)
    expected["precision"] = [undefined(x) for x in scores[0]]
    expected["recall"] = [undefined(x) for x in scores[1]]
    expected["f1"] = [undefined(x) for x in scores[2]]
    expected["support"] = listed(scores[3])
    for average in ["macro", "weighted", "micro"]:
        # The classes that occur, as without `labels`.
        scores = metrics.precision_recall_fscore_support(
            y, predicted, average=average, sample_weight=w, zero_division=0)
        expected[average] = listed(scores[:3])

    def area(c, function, rows=slice(None)):
        truth = y[rows] == c
        counted = ones[rows] > 0
        if not (truth & counted).any():
            return math.nan
        if function is metrics.roc_auc_score and (truth | ~counted).all():
            return math.nan
        return function(truth, p[rows, c], sample_weight=None if w is None else w[rows])

    def average(function, weighted):
        areas = np.array([area(c, function) for c in labels])
        support = np.array([ones[y == c].sum() if weighted else 1.0 for c in labels])
        support[np.isnan(areas)] = 0
        return undefined(np.average(np.nan_to_num(areas), weights=support)) if support.any() else None

    if k == 2:
        expected["auc"] = [undefined(area(1, metrics.roc_auc_score))] * 3
        expected["ap"] = [undefined(area(1, metrics.average_precision_score))] * 2
    else:
        pairs = []
        for a in labels:
            for b in labels[a + 1:]:
                rows = (y == a) | (y == b)
                pairs.append(np.mean([area(c, metrics.roc_auc_score, rows) for c in (a, b)]))
        pairs = [x for x in pairs if not math.isnan(x)]
        expected["auc"] = [
            average(metrics.roc_auc_score, False), average(metrics.roc_auc_score, True),
            float(np.mean(pairs)) if pairs else None,
        ]
        expected["ap"] = [
            average(metrics.average_precision_score, False),
            average(metrics.average_precision_score, True),
        ]
    if k > 2 and len(set(y)) == k:
        expected["ap"].append(
            metrics.average_precision_score(y, p, average="micro", sample_weight=w))
        if all(ones[y == c].sum() > 0 for c in labels):
            check(y, p, w, expected)
    confidence = p.max(axis=1)
    expected["ece"] = calibration_error(confidence, predicted == y, ones, 15)
    expected["ece4"] = calibration_error(confidence, predicted == y, ones, 4)
    return {
        "name": name, "classCount": k, "classes": y.tolist(), "probabilities": listed(p.ravel()),
        "weights": None if w is None else listed(w), "expected": expected,
    }


def check(y, p, w, expected):
    """The averages are scikit-learn's own where it has them."""
    def close(a, b):
        assert math.isclose(a, b, rel_tol=1e-12), (a, b)
    for index, average in enumerate(["macro", "weighted"]):
        close(expected["auc"][index], metrics.roc_auc_score(
            y, p, multi_class="ovr", average=average, sample_weight=w))
        close(expected["ap"][index], metrics.average_precision_score(
            y, p, average=average, sample_weight=w))
    if w is None:
        close(expected["auc"][2], metrics.roc_auc_score(y, p, multi_class="ovo"))


def bins(p, y, w, count):
    """Of each bin that has weight: number, weight, mean probability, fraction of positives."""
    edges = np.linspace(0, 1, count + 1)
    numbers = np.searchsorted(edges[1:-1], p)
    return [
        [int(b), *listed((w[m].sum(), np.average(p[m], weights=w[m]), np.average(y[m], weights=w[m])))]
        for b in range(count) if w[m := numbers == b].sum() > 0
    ]


def calibration_error(p, y, w, count):
    rows = bins(p, y.astype(float), w, count)
    total = sum(row[1] for row in rows)
    return sum(weight / total * abs(mean - fraction) for _, weight, mean, fraction in rows)


def sixteenths(rows, k):
    """Probabilities with ties, exact in binary."""
    return random.multinomial(16, random.dirichlet(np.ones(k), size=rows)) / 16


def classifications():
    def labels(rows, k):
        return random.integers(0, k, size=rows)

    def weights(rows):
        return random.choice([0, 0.25, 0.5, 1, 2], size=rows)

    third = [[1 / 3] * 3] * 6
    missing = np.array([0, 2, 2, 0, 2, 0, 2, 2, 0, 0])
    return [
        classification("two classes", 2, labels(20, 2), sixteenths(20, 2)),
        classification("two classes with weights", 2, labels(20, 2), sixteenths(20, 2), weights(20)),
        classification("three classes", 3, labels(24, 3), sixteenths(24, 3)),
        classification("three classes with weights", 3, labels(24, 3), sixteenths(24, 3), weights(24)),
        classification("five classes", 5, labels(30, 5), sixteenths(30, 5)),
        classification("five classes with weights", 5, labels(30, 5), sixteenths(30, 5), weights(30)),
        classification("a class that no row has", 3, missing, sixteenths(10, 3)),
        classification("a class that no row has, with weights", 3, missing, sixteenths(10, 3), weights(10)),
        classification("a class that is never predicted", 3, [0, 1, 2, 1, 0],
                       [[.75, .125, .125], [.125, .75, .125], [.5, .25, .25], [.25, .5, .25], [0, 1, 0]]),
        classification("a class that is neither", 4, [0, 1, 2, 1],
                       [[1, 0, 0, 0], [.25, .5, 0, .25], [0, 0, .75, .25], [.5, .25, .125, .125]]),
        classification("a class whose rows have no weight", 3, [0, 1, 2, 0, 1, 2], sixteenths(6, 3),
                       [1, 2, 0, 1, .5, 0]),
        classification("a class predicted without weight", 3, [0, 1, 2, 0, 1],
                       [[1, 0, 0], [0, 1, 0], [0, 0, 1], [.75, .25, 0], [0, .25, .75]], [1, 1, 0, 1, 0]),
        classification("one class of two", 2, [1, 1, 1], [[.25, .75], [.5, .5], [.75, .25]]),
        classification("the first class of two only", 2, [0, 0, 0], [[.25, .75], [.5, .5], [.75, .25]]),
        classification("one class of three", 3, [1, 1, 1], [[.25, .5, .25], [.5, .25, .25], [0, 0, 1]]),
        classification("all probabilities equal", 3, [0, 1, 2, 2, 1, 2], third),
        classification("certain and right", 2, [0, 1, 1], [[1, 0], [0, 1], [0, 1]]),
        classification("certain and wrong", 2, [0, 1, 1], [[0, 1], [1, 0], [0, 1]]),
        classification("certain and wrong of three", 3, [0, 1, 2], [[0, 1, 0], [0, 1, 0], [1, 0, 0]]),
        classification("the smallest probabilities", 2, [0, 1, 0], [[1e-17, 1], [1 - 1e-17, 1e-300], [.5, .5]]),
        classification("one row", 2, [1], [[.25, .75]]),
        classification("one row of weight 3", 3, [1], [[.25, .5, .25]], [3]),
        classification("ties of the largest probability", 3, [0, 1, 2, 1],
                       [[.5, .5, 0], [.5, .5, 0], [.25, .375, .375], [0, .5, .5]]),
        classification("large weights", 2, [0, 1, 1, 0], sixteenths(4, 2), [1e300, 2e300, 1e300, 5e299]),
        classification("a rare class", 2, [0] * 30 + [1], sixteenths(31, 2)),
    ]


# Ranking and calibration


def ranking(name, scores, positive, weights=None):
    s, y = np.asarray(scores, float), np.asarray(positive).astype(int)
    w = None if weights is None else np.asarray(weights, float)
    counted = np.ones(len(y), bool) if w is None else w > 0
    has = [bool((y[counted] == c).any()) for c in (0, 1)]
    expected = {"auc": None, "ap": None, "roc": None, "rocAll": None, "pr": None}
    if all(has):
        expected["auc"] = metrics.roc_auc_score(y, s, sample_weight=w)
        for key, drops in [("roc", True), ("rocAll", False)]:
            curve = metrics.roc_curve(y, s, sample_weight=w, drop_intermediate=drops)
            # The first threshold, infinity, is no JSON.
            expected[key] = [listed(curve[0]), listed(curve[1]), listed(curve[2][1:])]
    if has[1]:
        expected["ap"] = metrics.average_precision_score(y, s, sample_weight=w)
        curve = metrics.precision_recall_curve(y, s, sample_weight=w)
        expected["pr"] = [listed(x) for x in curve]
    return {
        "name": name, "scores": listed(s), "positive": y.tolist(),
        "weights": None if w is None else listed(w), "expected": expected,
    }


def rankings():
    def rows(n, steps):
        s = random.integers(-steps, steps, size=n) / 4
        return s, random.random(n) < 1 / (1 + np.exp(-s))

    s, y = rows(24, 6)
    w = random.choice([0, 0.5, 1, 2], size=24)
    many, truth = rows(40, 100)
    return [
        ranking("ties", s, y),
        ranking("ties with weights", s, y, w),
        ranking("few ties", many, truth),
        ranking("separated", [1, 2, 3, 4], [0, 0, 1, 1]),
        ranking("the wrong way", [1, 2, 3, 4], [1, 1, 0, 0]),
        ranking("equal scores", [5, 5, 5, 5], [1, 0, 0, 1]),
        ranking("one threshold with weights", [5, 5, 5], [1, 0, 0], [1, 2, .5]),
        ranking("negative scores and both zeros", [-1, -2, 0.0, -0.0, 3, -0.5], [0, 1, 1, 0, 1, 0]),
        ranking("scores of all sizes", [1e300, -1e300, 1e-300, 5e-324, -5e-324, 0], [1, 0, 1, 0, 1, 0]),
        ranking("neighbours", [0.5, np.nextafter(0.5, 1), np.nextafter(0.5, 0), 0.5], [1, 0, 1, 0]),
        ranking("positive rows only", [1, 2, 2], [1, 1, 1]),
        ranking("negative rows only", [1, 2, 2], [0, 0, 0]),
        ranking("positive rows without weight", [1, 2, 3], [1, 0, 0], [0, 1, 1]),
        ranking("steps on a line", [9, 8, 7, 6, 5, 4, 3, 2], [1, 1, 1, 0, 0, 0, 1, 0]),
        ranking("two rows", [1, 2], [0, 1]),
    ]


def calibrations():
    p = random.integers(0, 21, size=60) / 20
    y = random.random(60) < p
    w = random.choice([0, 0.5, 1, 3], size=60)
    cases = [
        ("edges of ten bins", np.array([0, .1, .2, .3, .4, .5, .6, .7, .8, .9, 1]),
         np.array([0, 1] * 5 + [1]), None, 10),
        ("edges of 49 bins", np.arange(50) / 49, np.arange(50) % 3 == 0, None, 49),
        ("one bin", p, y, None, 1), ("fifteen bins", p, y, None, 15), ("three bins", p, y, None, 3),
        ("weights", p, y, w, 5), ("a bin without weight", np.array([.1, .5, .9]),
                                 np.array([0, 1, 1]), np.array([1.0, 0, 2]), 3),
        ("more bins than rows", np.array([.25, .5, 1]), np.array([1, 0, 1]), None, 1000),
    ]
    result = []
    for name, p, y, w, count in cases:
        rows = bins(p, y.astype(float), np.ones(len(p)) if w is None else w, count)
        if w is None:
            true, mean = calibration.calibration_curve(y, p, n_bins=count)
            assert np.allclose([row[2] for row in rows], mean, rtol=1e-14)
            assert np.allclose([row[3] for row in rows], true, rtol=1e-14)
        error = calibration_error(p, y, np.ones(len(p)) if w is None else w, count)
        result.append({
            "name": name, "binCount": count, "probabilities": listed(p),
            "positive": y.astype(int).tolist(), "weights": None if w is None else listed(w),
            "expected": {"bins": rows, "error": error},
        })
    return result


def main():
    groups = {
        "regression": regressions(), "classification": classifications(),
        "ranking": rankings(), "calibration": calibrations(),
    }
    # One case per line.
    lines = [
        f'"{name}": [\n' + ",\n".join(json.dumps(x, separators=(",", ":"), allow_nan=False) for x in cases)
        + "\n]"
        for name, cases in groups.items()
    ]
    OUTPUT.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{OUTPUT}: {sum(map(len, groups.values()))} cases, {OUTPUT.stat().st_size} bytes")


main()
