"""Writes Tests/Fixtures/optimizer-cases.json: sequences of optimisers and schedules by PyTorch.

Usage: python tools/make-optimizer-cases.py > Tests/Fixtures/optimizer-cases.json   (PyTorch 2.15)

"optimizers": the parameters after each step with the gradients in "gradients", for two parameters
of three and four elements in two groups; the second has no gradient in the fourth step. "schedules":
the learning rates of two groups, and the momentum where it is cycled, before each step. "plateaus":
the rates after each metric. "clipping": norms and clipped gradients. "averages": averages after each
update. "lbfgs": the parameters and evaluations after each step. "searches": the steps that a line search tries. All numbers are float64; the rates of
schedules are not rounded.
"""

import json
import math
import random
import sys

import torch
from torch.optim import lbfgs, lr_scheduler, swa_utils

torch.manual_seed(11)
torch.set_default_dtype(torch.float64)


def rounded(numbers):
    return [float(f"{float(value):.15g}") for value in numbers]


START = [[1.0, -2.0, 0.5], [0.25, -0.75, 3.0, -0.1]]
STEPS = 12
GRADIENTS = [
    [rounded(torch.randn(3) * 2 ** (step % 3)), rounded(torch.randn(4) * 2 ** (step % 3))]
    for step in range(STEPS)
]


def optimizer_case(name, groups=None, **options):
    first, second = (torch.tensor(start).requires_grad_() for start in START)
    own = groups or {}
    optimizer = getattr(torch.optim, name)(
        [{"params": [first]}, {"params": [second], **own}], **options
    )
    values = []
    for step, (one, two) in enumerate(GRADIENTS):
        first.grad = torch.tensor(one)
        second.grad = None if step == 3 else torch.tensor(two)
        optimizer.step()
        values.append(rounded(first.tolist() + second.tolist()))
    return {"name": name, "options": options, "group": own, "values": values}


OPTIMIZERS = [
    optimizer_case("SGD", lr=0.1, momentum=0.9, dampening=0.3, weight_decay=0.1),
    optimizer_case("SGD", {"lr": 0.02, "weight_decay": 0.3}, lr=0.1, momentum=0.9, nesterov=True),
    optimizer_case("Adam", lr=0.1, betas=(0.8, 0.9), weight_decay=0.1, amsgrad=True),
    optimizer_case("AdamW", {"weight_decay": 0.0}, lr=0.1, weight_decay=0.2),
    optimizer_case("RMSprop", lr=0.05, alpha=0.9, centered=True, momentum=0.5),
    optimizer_case("RMSprop", lr=0.05, alpha=0.9, centered=True, weight_decay=0.1),
    optimizer_case("Adagrad", {"lr": 0.3}, lr=0.1, lr_decay=0.2, initial_accumulator_value=0.5),
    optimizer_case("NAdam", lr=0.1),
    optimizer_case("NAdam", lr=0.1, momentum_decay=0.5, betas=(0.8, 0.9), eps=0.01),
    optimizer_case("NAdam", {"lr": 0.02}, lr=0.1, weight_decay=0.2),
    optimizer_case("NAdam", lr=0.1, weight_decay=0.2, decoupled_weight_decay=True),
    optimizer_case("RAdam", lr=0.1),
    optimizer_case("RAdam", lr=0.1, betas=(0.8, 0.9), eps=0.01),
    optimizer_case("RAdam", lr=0.1, betas=(0.9, 0.5)),
    optimizer_case("RAdam", {"weight_decay": 0.4}, lr=0.1, weight_decay=0.2),
    optimizer_case("RAdam", lr=0.1, weight_decay=0.2, decoupled_weight_decay=True),
    optimizer_case("Adadelta"),
    optimizer_case("Adadelta", {"lr": 3.0}, lr=0.5, rho=0.7, eps=0.01, weight_decay=0.2),
    optimizer_case("Adamax", lr=0.1),
    optimizer_case("Adamax", {"lr": 0.02}, lr=0.1, betas=(0.8, 0.7), eps=0.1, weight_decay=0.2),
]

BASES = [0.1, 0.7]
EPOCHS = 26


def groups_of(kind=torch.optim.SGD, **options):
    return kind(
        [{"params": [torch.zeros(1).requires_grad_()], "lr": base} for base in BASES], **options
    )


def schedule_case(name, make, kind=torch.optim.SGD, epochs=EPOCHS, **options):
    optimizer = groups_of(kind, **options)
    scheduler = make(optimizer)
    rates, momenta = [], []
    for epoch in range(epochs):
        if epoch > 0:
            optimizer.step()
            scheduler.step()
        rates.append([float(group["lr"]) for group in optimizer.param_groups])
        group = optimizer.param_groups[0]
        momenta.append(group["betas"][0] if "betas" in group else group["momentum"])
    case = {"name": name, "rates": rates}
    if len(set(momenta)) > 1:
        case["momenta"] = momenta
    return case


def one_cycle(total=EPOCHS, **options):
    return lambda o: lr_scheduler.OneCycleLR(o, total_steps=total, **options)


S = lr_scheduler
SCHEDULES = [
    schedule_case("step", lambda o: S.StepLR(o, 4, 0.3)),
    schedule_case("multiStep", lambda o: S.MultiStepLR(o, [3, 8, 8, 20], 0.4)),
    schedule_case("exponential", lambda o: S.ExponentialLR(o, 0.8)),
    schedule_case("constant", lambda o: S.ConstantLR(o, 0.25, 6)),
    schedule_case("linear", lambda o: S.LinearLR(o, 0.2, 0.9, 7)),
    schedule_case("linearDefault", lambda o: S.LinearLR(o)),
    schedule_case("polynomial", lambda o: S.PolynomialLR(o, 12, 2.5)),
    schedule_case("cosine", lambda o: S.CosineAnnealingLR(o, 7, 0.01)),
    schedule_case("cosineLong", lambda o: S.CosineAnnealingLR(o, 40)),
    schedule_case("restarts", lambda o: S.CosineAnnealingWarmRestarts(o, 6, 1, 0.02)),
    schedule_case("restartsLonger", lambda o: S.CosineAnnealingWarmRestarts(o, 3, 2)),
    schedule_case("lambda", lambda o: S.LambdaLR(o, lambda t: 1 / (1 + t))),
    schedule_case("oneCycle", one_cycle(max_lr=0.5), momentum=0.9),
    schedule_case("oneCycleOfGroups", one_cycle(max_lr=BASES, cycle_momentum=False)),
    schedule_case(
        "oneCycleThree",
        one_cycle(max_lr=0.5, three_phase=True, pct_start=0.4, anneal_strategy="linear"),
        torch.optim.Adam,
    ),
    schedule_case(
        "oneCycleOptions",
        one_cycle(
            max_lr=0.5, pct_start=0.1, div_factor=5, final_div_factor=20, base_momentum=0.6,
            max_momentum=0.8,
        ),
        momentum=0.9,
    ),
    schedule_case(
        "sequential",
        lambda o: S.SequentialLR(
            o, [S.ConstantLR(o, 0.1, 20), S.ExponentialLR(o, 0.9), S.CosineAnnealingLR(o, 5)],
            [4, 11],
        ),
    ),
    schedule_case(
        "warmUp",
        lambda o: S.SequentialLR(
            o, [S.LinearLR(o, 0.1, 1, 5), S.CosineAnnealingLR(o, 20)], [5]
        ),
    ),
    schedule_case("average", lambda o: swa_utils.SWALR(o, 0.05, 8)),
    schedule_case("averageLinear", lambda o: swa_utils.SWALR(o, 0.05, 8, "linear")),
    schedule_case("averageNow", lambda o: swa_utils.SWALR(o, 0.05, 0)),
]

METRICS = [
    3, 2, 2, 1.9999, 2.5, math.nan, 2.4, 1.7, 1.7, 1.69, 1.8, 1.8, 1.8, 1.8, 1.2, 1.2, 1.2, 1.2, 1.2,
    1.2, 0.5, 0.6, 0.6, 0.6, 0.6,
]


def plateau_case(**options):
    optimizer = groups_of()
    scheduler = S.ReduceLROnPlateau(optimizer, **options)
    rates = []
    for metric in METRICS:
        scheduler.step(metric)
        rates.append(rounded(group["lr"] for group in optimizer.param_groups))
    return {"options": options, "rates": rates}


PLATEAUS = [
    plateau_case(patience=2),
    plateau_case(factor=0.5, patience=1, cooldown=2),
    plateau_case(factor=0.5, patience=0, threshold=0.1, min_lr=0.03),
    plateau_case(factor=0.5, patience=1, threshold=0.2, threshold_mode="abs"),
    plateau_case(mode="max", factor=0.5, patience=3),
    plateau_case(mode="max", patience=2, threshold=0.3, threshold_mode="abs", eps=0.05),
]


def clipping_case(norm_type, maximum, value=None):
    parameters = [torch.zeros(len(start)).requires_grad_() for start in START]
    for parameter, gradient in zip(parameters, GRADIENTS[4]):
        parameter.grad = torch.tensor(gradient)
    if value is not None:
        torch.nn.utils.clip_grad_value_(parameters, value)
        return {"value": value, "clipped": rounded(g for p in parameters for g in p.grad)}
    norm = torch.nn.utils.clip_grad_norm_(parameters, maximum, norm_type)
    return {
        "type": "inf" if norm_type == math.inf else norm_type,
        "maximum": maximum,
        "norm": float(norm),
        "clipped": rounded(g for p in parameters for g in p.grad),
    }


CLIPPING = [
    clipping_case(kind, maximum)
    for kind in (1.0, 2.0, 3.0, math.inf)
    for maximum in (0.5, 100.0)
] + [clipping_case(0, 0, value=value) for value in (0.75, 20.0)]


def average_case(kind, decay=None):
    module = torch.nn.Linear(2, 1)
    function = swa_utils.get_ema_multi_avg_fn(decay) if kind == "exponential" else None
    average = swa_utils.AveragedModel(module, multi_avg_fn=function)
    averages = []
    for gradients in GRADIENTS[:6]:
        with torch.no_grad():
            module.weight.copy_(torch.tensor([gradients[0][:2]]))
            module.bias.copy_(torch.tensor(gradients[0][2:]))
        average.update_parameters(module)
        averages.append(rounded(n for p in average.parameters() for n in p.reshape(-1)))
    return {"kind": kind, "decay": decay, "averages": averages}


AVERAGES = [
    average_case("exponential", 0.9),
    average_case("exponential", 0.25),
    average_case("stochastic"),
]

# A small least-squares problem: six rows of three inputs.
ROWS = [rounded(torch.randn(3)) for _ in range(6)]
TARGETS = rounded(torch.randn(6))


def loss_of(problem, x):
    if problem == "rosenbrock":
        return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2
    if problem == "wave":
        return torch.cos(4 * x[0]) + x[0] ** 2 / 20 + torch.exp(x[1]) - 2 * x[1]
    if problem == "quartic":
        return (x[0] - 2) ** 4 + 3 * (x[1] + 1) ** 4
    return ((torch.tensor(ROWS) @ x - torch.tensor(TARGETS)) ** 2).sum()


def lbfgs_case(problem, steps, **options):
    x = torch.tensor([0.5, -1.0, 2.0] if problem == "squares" else [-1.5, 2.0])
    x.requires_grad_()
    optimizer = torch.optim.LBFGS([x], **options)
    values, losses, evaluations = [], [], []

    def closure():
        optimizer.zero_grad()
        loss = loss_of(problem, x)
        loss.backward()
        return loss

    for _ in range(steps):
        losses.append(float(optimizer.step(closure)))
        values.append(rounded(x.tolist()))
        evaluations.append(optimizer.state[x]["func_evals"])
    return {
        "problem": problem, "options": options, "values": values, "losses": rounded(losses),
        "evaluations": evaluations,
    }


LBFGS = [
    lbfgs_case("rosenbrock", 5, line_search_fn="strong_wolfe", max_iter=4),
    lbfgs_case("rosenbrock", 4, line_search_fn="strong_wolfe", lr=0.3, max_iter=5, history_size=2),
    lbfgs_case("rosenbrock", 3, line_search_fn="strong_wolfe", lr=5, max_iter=6, max_eval=9),
    lbfgs_case("rosenbrock", 3, line_search_fn="strong_wolfe"),
    lbfgs_case("rosenbrock", 6, lr=0.001, max_iter=3),
    lbfgs_case("squares", 6, max_iter=2, lr=0.5),
    lbfgs_case("squares", 4, max_iter=3, line_search_fn="strong_wolfe"),
    lbfgs_case("squares", 3, max_iter=20, tolerance_grad=1e-3, history_size=1, lr=0.1),
    lbfgs_case("squares", 3, max_iter=20, tolerance_change=1e-2),
    lbfgs_case("squares", 6, max_iter=20, line_search_fn="strong_wolfe"),
    lbfgs_case("squares", 5, max_iter=6, tolerance_grad=0.3, line_search_fn="strong_wolfe"),
    lbfgs_case("squares", 5, max_iter=20, tolerance_grad=0, tolerance_change=1e-6, lr=0.3),
    *(
        lbfgs_case(problem, 4, max_iter=6, lr=lr, line_search_fn="strong_wolfe")
        for problem in ("wave", "quartic", "rosenbrock")
        for lr in (0.01, 0.4, 3, 12, 60)
    ),
    lbfgs_case("quartic", 4, max_iter=30, line_search_fn="strong_wolfe", tolerance_change=1e-3),
    lbfgs_case("wave", 4, max_iter=30, line_search_fn="strong_wolfe", tolerance_change=1e-2),
    lbfgs_case("quartic", 4, max_iter=12, lr=0.2, tolerance_change=1e-3),
]



def traced(function, code):
    """The lines of `code` that a call of `function` runs, and its result."""
    lines = set()

    def local(frame, event, _):
        lines.add(frame.f_lineno)
        return local

    sys.settrace(lambda frame, event, _: local if frame.f_code is code else None)
    try:
        return function(), lines
    finally:
        sys.settrace(None)


def search_case(numbers):
    """A line search in which loss and slope need not belong together, so that all its cases occur."""
    a, b, c, d, e, f, trial, reach, limit = numbers

    def loss(t):
        return a * math.sin(b * t) + c * t * t

    def slope(t):
        return d * math.cos(e * t + 1) + f * t - 2

    steps = []

    def evaluate(_, t, direction):
        steps.append(float(t))
        return loss(float(t)), torch.tensor([slope(float(t)) / reach])

    start = torch.tensor(slope(0))
    (value, _, step, count), lines = traced(
        lambda: lbfgs._strong_wolfe(
            evaluate, None, trial, torch.tensor([reach]), loss(0), start.reshape(1), start,
            max_ls=limit,
        ),
        lbfgs._strong_wolfe.__code__,
    )
    short = [float(f"{step:.10g}") for step in steps]
    case = {"numbers": numbers, "step": float(step), "loss": value, "steps": short}
    return case, lines


random.seed(3)
SEARCHES = []
runs = {}
for _ in range(4000):
    numbers = [round(random.uniform(-3, 3), 2) for _ in range(6)]
    numbers += [random.choice([0.1, 1.0, 4.0]), random.choice([1e-6, 1.0, 1.0]), random.choice([3, 8, 25])]
    if numbers[3] * math.cos(1) - 2 >= 0:
        continue
    try:
        case, lines = search_case(numbers)
    except (ZeroDivisionError, IndexError):
        continue
    # The first cases that run each line, and each number of evaluations.
    keys = {(line, 0) for line in lines} | {(0, len(case["steps"]))}
    if any(runs.get(key, 0) < 3 for key in keys):
        SEARCHES.append(case)
        for key in keys:
            runs[key] = runs.get(key, 0) + 1

print(
    json.dumps(
        {
            "start": START,
            "gradients": GRADIENTS,
            "optimizers": OPTIMIZERS,
            "bases": BASES,
            "schedules": SCHEDULES,
            "metrics": [None if math.isnan(m) else m for m in METRICS],
            "plateaus": PLATEAUS,
            "clipping": CLIPPING,
            "averages": AVERAGES,
            "rows": ROWS,
            "targets": TARGETS,
            "lbfgs": LBFGS,
            "searches": SEARCHES,
        },
        separators=(",", ":"),
    )
)
