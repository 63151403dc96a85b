"""Writes Tests/Fixtures/loss-cases.json: weighted losses and their gradients by PyTorch.

Usage: python tools/make-loss-cases.py > Tests/Fixtures/loss-cases.json   (PyTorch 2.15)

Each case has an operation, its operands (names in "tensors"), its settings, the losses, and the
gradients of the prediction and, where it has one, of the target, for the cotangent 1, -2, 3, -4, …
over the losses. All numbers are float64.
"""

import itertools
import json

import torch
import torch.nn.functional as F

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)

tensors = {}
cases = []


def stored(name, tensor):
    tensors[name] = {"shape": list(tensor.shape), "values": rounded(tensor)}
    return tensor


def rounded(tensor):
    return [float(f"{value:.14g}") for value in tensor.reshape(-1).tolist()]


def add(op, x, y, result, settings):
    prediction = tensor_of(x).requires_grad_()
    target = tensor_of(y)
    if target.is_floating_point():
        target.requires_grad_()
    losses = result(prediction, target)
    cotangent = torch.tensor([(-1.0) ** i * (i + 1) for i in range(losses.numel())])
    losses.backward(cotangent.reshape(losses.shape))
    case = {"op": op, "x": x, "y": y, **settings, "losses": rounded(losses)}
    case["shape"] = list(losses.shape)
    case["xGradient"] = rounded(prediction.grad)
    if target.grad is not None:
        case["yGradient"] = rounded(target.grad)
    cases.append(case)


def tensor_of(name):
    stored = tensors[name]
    integers = name.startswith("labels")
    return torch.tensor(
        stored["values"], dtype=torch.int64 if integers else torch.float64
    ).reshape(stored["shape"])


def optional(name):
    return None if name is None else tensor_of(name)


def named(**settings):
    return {key: value for key, value in settings.items() if value is not None}


shapes = {"row": [4], "rows": [5, 4], "places": [2, 4, 2]}
stored("weights4", torch.tensor([0.5, 2.0, 0.0, 1.25]))
for name, shape in shapes.items():
    axis = 0 if len(shape) == 1 else 1
    rest = [extent for at, extent in enumerate(shape) if at != axis]
    stored("logits-" + name, torch.randn(shape) * 2)
    stored("logarithms-" + name, torch.randn(shape).log_softmax(axis))
    stored("probabilities-" + name, torch.randn(shape).softmax(axis))
    tensors["labels-" + name] = {
        "shape": rest,
        "values": [(3 * i + 1) % 4 for i in range(torch.zeros(rest).numel())],
    }

reductions = ["mean", "sum", "none"]
for name, weight, smoothing, ignored, reduction in itertools.product(
    shapes, [None, "weights4"], [0.0, 0.2], [-100, 3], reductions
):
    settings = named(
        weight=weight, smoothing=smoothing, ignored=ignored, reduction=reduction)
    add("cross_entropy", "logits-" + name, "labels-" + name,
        lambda x, y: F.cross_entropy(
            x, y, optional(weight), ignore_index=ignored, reduction=reduction,
            label_smoothing=smoothing), settings)
    if ignored < 0:
        add("cross_entropy", "logits-" + name, "probabilities-" + name,
            lambda x, y: F.cross_entropy(
                x, y, optional(weight), reduction=reduction, label_smoothing=smoothing), settings)
    if smoothing == 0 and weight is not None:
        add("nll_loss", "logarithms-" + name, "labels-" + name,
            lambda x, y: F.nll_loss(
                x, y, optional(weight), ignore_index=ignored, reduction=reduction), settings)

stored("scores", torch.randn(2, 3) * 3)
stored("chances", torch.rand(2, 3))
stored("targets", torch.tensor([[1.0, 0, 0.25], [0, 1, 0.5]]))
for name, values in {"one": 1.5, "columns": [0.5, 3.0, 0.0], "lines": [[2.0], [0.25]],
                     "all": [[1.0, 2, 3], [4, 5, 6]]}.items():
    stored(name, torch.tensor(values))
weights = [None, "one", "columns", "lines", "all"]
for weight, positive, reduction in itertools.product(weights, weights, reductions):
    settings = named(weight=weight, positive=positive, reduction=reduction)
    if (weight is None) == (positive is None) and weight != positive:
        continue
    add("bce_with_logits", "scores", "targets",
        lambda x, y: F.binary_cross_entropy_with_logits(
            x, y, optional(weight), pos_weight=optional(positive), reduction=reduction), settings)
for weight, reduction in itertools.product(weights[1:], reductions):
    add("bce_loss", "chances", "targets",
        lambda x, y: F.binary_cross_entropy(x, y, optional(weight), reduction=reduction),
        named(weight=weight, reduction=reduction))
# Both weights together, once for each reduction.
for reduction in reductions:
    add("bce_with_logits", "scores", "targets",
        lambda x, y: F.binary_cross_entropy_with_logits(
            x, y, tensor_of("lines"), pos_weight=tensor_of("columns"), reduction=reduction),
        named(weight="lines", positive="columns", reduction=reduction))

print('{"tensors": ' + json.dumps(tensors) + ',\n"cases": [')
print(",\n".join(json.dumps(case) for case in cases))
print("]}")
