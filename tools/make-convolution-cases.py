"""Writes Tests/Fixtures/convolution-cases.jsonl: convolutions, pools, windows, distances and losses of
margins by PyTorch, with their gradients, in the format of the golden files.

Usage: python tools/make-convolution-cases.py > Tests/Fixtures/convolution-cases.jsonl   (PyTorch 2.15)

Arguments are drawn; a case that PyTorch refuses must be refused.
"""

import base64
import json
import random

import torch
import torch.nn.functional as F

torch.manual_seed(7)
draw = random.Random(7)
ROUNDS = 6
TOLERANCES = {torch.float32: 4e-5, torch.float64: 1e-10}
cases = []


def stored(tensor):
    data = tensor.detach().contiguous()
    name = str(data.dtype).removeprefix("torch.")
    return {"dtype": name, "shape": list(data.shape),
            "b64": base64.b64encode(data.numpy().tobytes()).decode()}


def add(op, function, *inputs, constants=(), **attributes):
    """A case; gradients are those of the floating inputs whose positions are not `constants`."""
    attributes = {name: value for name, value in attributes.items() if value is not None}
    dtype = inputs[0].dtype
    operands = [
        tensor.clone().requires_grad_() if tensor.dtype == dtype and dtype.is_floating_point
        and place not in constants else tensor for place, tensor in enumerate(inputs)]
    case = {"id": f"{op}/{len(cases)}", "op": op, "group": "convolution", "attrs": attributes,
            "strength": "must", "inputs": [stored(tensor) for tensor in inputs], "tags": [],
            "out_dtype": "strict", "expect": "value",
            "tol": {"mode": "exact", "signed_zero": False}}
    try:
        outputs = function(*operands)
    except (RuntimeError, ValueError, IndexError):
        cases.append({**case, "expect": "error", "outputs": []})
        return
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    case["outputs"] = [stored(tensor) for tensor in outputs]
    if dtype.is_floating_point:
        bound = TOLERANCES[dtype]
        case["tol"] = {"mode": "close", "rtol": bound, "atol": bound}
        case["grad_tol"] = {"mode": "close", "rtol": 5 * bound, "atol": 5 * bound}
        tracked = [tensor for tensor in outputs if tensor.requires_grad]
        seeds = {id(tensor): torch.randn(tensor.shape, dtype=dtype) for tensor in tracked}
        leaves = [tensor for tensor in operands if tensor.requires_grad]
        found = iter(torch.autograd.grad(tracked, leaves, [seeds[id(t)] for t in tracked]))
        case["cotangents"] = [
            stored(seeds[id(t)]) if t.requires_grad else None for t in outputs]
        case["grads"] = [stored(next(found)) if t.requires_grad else None for t in operands]
    cases.append(case)


def pick(*choices):
    return draw.choice(choices)


def pair(low, high):
    return pick(draw.randint(low, high), [draw.randint(low, high), draw.randint(low, high)])


def numbers(*shape, dtype=None):
    dtype = dtype or pick(torch.float32, torch.float64)
    if dtype == torch.int64:
        return torch.randint(-5, 6, shape)
    return torch.randn(shape, dtype=torch.float64).to(dtype)


def signs(like):
    return (torch.randint(0, 2, like.shape) * 2 - 1).to(like.dtype)


def convolutions():
    dtype = pick(torch.float32, torch.float64, torch.int64)
    groups, rows, columns = pick(1, 1, 2, 3), pick(1, 2, 3), pick(1, 2, 4)
    batch = pick([2], [1], [0], [])
    inputs, outputs = groups * pick(1, 2), groups * pick(1, 2)
    stride, dilation, padding = pair(1, 2), pair(1, 2), pick(0, 1, [1, 2], "same", "valid")
    bias = [numbers(outputs, dtype=dtype)] if pick(0, 1) and dtype != torch.int64 else []
    settings = {"stride": stride, "dilation": dilation, "groups": groups}
    x = numbers(*batch, inputs, pick(3, 5), pick(4, 7), dtype=dtype)
    add("conv2d", lambda x, w, b=None: F.conv2d(x, w, b, padding=padding, **settings), x,
        numbers(outputs, inputs // groups, rows, columns, dtype=dtype), *bias, padding=padding,
        **settings)
    # PyTorch checks the output's padding only where there is a batch.
    x = x if x.numel() else numbers(1, *x.shape[1:], dtype=dtype)
    more = {"padding": pair(0, 1), "output_padding": pair(0, 1), **settings}
    add("conv_transpose2d", lambda x, w, b=None: F.conv_transpose2d(x, w, b, **more), x,
        numbers(inputs, outputs // groups, rows, columns, dtype=dtype), *bias, **more)
    settings = {"stride": pick(1, 2), "dilation": pick(1, 2), "groups": groups}
    x = numbers(*batch, inputs, pick(4, 7), dtype=dtype)
    add("conv1d", lambda x, w, b=None: F.conv1d(x, w, b, padding=1, **settings), x,
        numbers(outputs, inputs // groups, columns, dtype=dtype), *bias, padding=1, **settings)
    x = x if x.numel() else numbers(1, *x.shape[1:], dtype=dtype)
    more = {"padding": pick(0, 1), "output_padding": pick(0, 1), **settings}
    add("conv_transpose1d", lambda x, w, b=None: F.conv_transpose1d(x, w, b, **more), x,
        numbers(inputs, outputs // groups, columns, dtype=dtype), *bias, **more)


def pools():
    plane = numbers(*pick([2, 3], [1], [0, 2]), pick(4, 7), pick(3, 8))
    line = numbers(*pick([2, 3], [1]), pick(4, 9))
    if plane.numel() and pick(0, 1):
        plane.view(-1)[draw.randrange(plane.numel())] = -float("inf")
    settings = {"kernel_size": pair(1, 3), "stride": pick(None, pair(1, 3)), "padding": pair(0, 1),
                "ceil_mode": pick(True, False)}
    maxima = {**settings, "dilation": pair(1, 2), "return_indices": pick(True, False)}
    add("max_pool2d", lambda x: F.max_pool2d(x, **maxima), plane, **maxima)
    means = {**settings, "count_include_pad": pick(True, False),
             "divisor_override": pick(None, 3, -2)}
    add("avg_pool2d", lambda x: F.avg_pool2d(x, **means), plane.nan_to_num(), **means)
    extents = pick(1, 3, [2, None], [None, 4], [5, 2])
    add("adaptive_avg_pool2d", lambda x: F.adaptive_avg_pool2d(x, extents), plane.nan_to_num(),
        output_size=extents)
    add("adaptive_max_pool2d", lambda x: F.adaptive_max_pool2d(x, extents, True), plane,
        output_size=extents, return_indices=True)
    settings = {"kernel_size": pick(1, 2, 3), "stride": pick(None, 1, 2), "padding": pick(0, 1),
                "ceil_mode": pick(True, False)}
    add("max_pool1d", lambda x: F.max_pool1d(x, dilation=2, return_indices=True, **settings), line,
        dilation=2, return_indices=True, **settings)
    add("avg_pool1d", lambda x: F.avg_pool1d(x, count_include_pad=False, **settings), line,
        count_include_pad=False, **settings)
    count = draw.randint(1, 6)
    add("adaptive_avg_pool1d", lambda x: F.adaptive_avg_pool1d(x, count), line, output_size=count)
    add("adaptive_max_pool1d", lambda x: F.adaptive_max_pool1d(x, count, True), line,
        output_size=count, return_indices=True)
    power, kernel, stride = pick(1, 2, 3), pair(1, 2), pick(None, 2)
    add("lp_pool2d", lambda x: F.lp_pool2d(x, power, kernel, stride), plane.nan_to_num().abs() + 1,
        norm_type=power, kernel_size=kernel, stride=stride)
    values, indices = F.max_pool2d(numbers(1, 2, 4, 6), 2, return_indices=True)
    add("max_unpool2d", lambda x, i: F.max_unpool2d(x, i, 2), values, indices, kernel_size=2)


def windows():
    plane = numbers(*pick([2, 2], [1]), pick(3, 5), pick(4, 6))
    settings = {"kernel_size": pair(1, 3), "dilation": pair(1, 2), "padding": pair(0, 2),
                "stride": pair(1, 2)}
    add("unfold", lambda x: F.unfold(x, **settings), plane, **settings)
    try:
        columns = torch.randn_like(F.unfold(plane, **settings))
        add("fold", lambda x: F.fold(x, plane.shape[-2:], **settings), columns,
            output_size=list(plane.shape[-2:]), **settings)
    except RuntimeError:
        pass
    dimension, size, step = draw.randint(-3, 2), draw.randint(0, 3), draw.randint(1, 2)
    add("unfold", lambda x: x.unfold(dimension, size, step), numbers(3, 2, 5), dimension=dimension,
        size=size, step=step)
    factor = pick(2, 3)
    add("pixel_shuffle", lambda x: F.pixel_shuffle(x, factor), numbers(2, 2 * factor**2, 2, 3),
        upscale_factor=factor)
    add("pixel_unshuffle", lambda x: F.pixel_unshuffle(x, factor), numbers(2, 6, 12),
        downscale_factor=factor)
    add("channel_shuffle", lambda x: torch.channel_shuffle(x, factor), numbers(2, 6, 3),
        groups=factor)
    rank = pick(1, 2, 2, 3)
    x = numbers(1, 2, *[pick(1, 2, 4, 5) for _ in range(rank)])
    mode = pick("nearest", "nearest-exact", "area", {1: "linear", 2: "bilinear", 3: "trilinear"}[rank],
                "bicubic" if rank == 2 else "nearest")
    corners = pick(True, False) if mode.endswith(("linear", "cubic")) else None
    size = [pick(1, 2, 3, 7) for _ in range(rank)]
    add("interpolate", lambda x: F.interpolate(x, size, mode=mode, align_corners=corners), x,
        size=size, mode=mode, align_corners=corners)
    factor = pick(2, 1.5, 0.7)
    add("interpolate",
        lambda x: F.interpolate(x, scale_factor=factor, mode="nearest"), numbers(1, 1, 5, 6),
        scale_factor=factor, mode="nearest")


def distances():
    shape = pick([4, 3], [2, 3, 2])
    x, dtype = numbers(*shape), None
    y, axis = numbers(*shape, dtype=x.dtype), pick(0, 1, -1)
    add("cosine_similarity", lambda x, y: F.cosine_similarity(x, y, axis), x, y, dim=axis)
    power = pick(1, 2, 3)
    add("pairwise_distance", lambda x, y: F.pairwise_distance(x, y, power), x, y, p=power)
    add("normalize", lambda x: F.normalize(x, power, axis), x, p=power, dim=axis)
    add("bilinear", F.bilinear, numbers(4, 3, dtype=x.dtype), numbers(4, 2, dtype=x.dtype),
        numbers(5, 3, 2, dtype=x.dtype), numbers(5, dtype=x.dtype))
    size = pick(1, 2, 3, 5)
    add("local_response_norm", lambda x: F.local_response_norm(x, size, 0.5, 0.6, 2),
        numbers(2, 4, 3), size=size, alpha=0.5, beta=0.6, k=2)
    groups = pick(1, 2, 4)
    x = numbers(2, 4, 3, 2)
    affine = [numbers(4, dtype=x.dtype), numbers(4, dtype=x.dtype)]
    add("group_norm", lambda x, w, b: F.group_norm(x, groups, w, b), x, *affine, num_groups=groups)
    add("instance_norm", lambda x, w, b: F.instance_norm(x, weight=w, bias=b), x, *affine)


def losses():
    x = numbers(*pick([4], [3, 2], []))
    settings = {"margin": pick(0.0, 0.5), "reduction": pick("mean", "sum", "none")}
    reduction = settings["reduction"]
    y = torch.randn_like(x)
    add("margin_ranking_loss", lambda x, y, t: F.margin_ranking_loss(x, y, t, **settings), x, y,
        signs(x), constants=(2,), **settings)
    add("hinge_embedding_loss", lambda x, t: F.hinge_embedding_loss(x, t, **settings), x, signs(x),
        constants=(1,), **settings)
    add("soft_margin_loss", lambda x, t: F.soft_margin_loss(x, t, reduction=reduction), x, signs(x),
        constants=(1,), reduction=reduction)
    x, y, z = (numbers(4, 3, dtype=torch.float64) for _ in range(3))
    add("cosine_embedding_loss", lambda x, y, t: F.cosine_embedding_loss(x, y, t, **settings), x, y,
        signs(x[:, 0]), constants=(2,), **settings)
    triplet = {"margin": 1.5, "p": pick(1, 2, 3), "swap": pick(True, False), "reduction": reduction}
    add("triplet_margin_loss", lambda x, y, z: F.triplet_margin_loss(x, y, z, **triplet), x, y, z,
        **triplet)
    likelihood = {"log_input": pick(True, False), "full": pick(True, False), "reduction": reduction}
    add("poisson_nll_loss", lambda x, y: F.poisson_nll_loss(x, y, **likelihood), x.abs(),
        3 * y.abs(), **likelihood)
    spread = numbers(*pick([4, 3], [4, 1], [4], [1, 3], [3]), dtype=torch.float64).abs()
    settings = {"full": pick(True, False), "reduction": reduction}
    add("gaussian_nll_loss", lambda x, y, v: F.gaussian_nll_loss(x, y, v, **settings), x, y,
        spread - pick(0, 0, 0.5), **settings)
    labels, power = torch.randint(0, pick(3, 3, 4), (4,)), pick(1, 2)
    weights = numbers(3, dtype=torch.float64).abs()
    add("multi_margin_loss",
        lambda x, t, w: F.multi_margin_loss(x, t, power, 0.7, w, reduction=reduction), x, labels,
        weights, constants=(2,), p=power, margin=0.7, reduction=reduction)
    add("multilabel_margin_loss", lambda x, t: F.multilabel_margin_loss(x, t, reduction=reduction),
        x, torch.randint(-1, 3, (4, 3)), reduction=reduction)
    add("multilabel_soft_margin_loss",
        lambda x, t, w: F.multilabel_soft_margin_loss(x, t, w, reduction=reduction), x,
        torch.rand(4, 3, dtype=torch.float64), weights, constants=(1, 2), reduction=reduction)


for _ in range(ROUNDS):
    for family in [convolutions, pools, windows, distances, losses]:
        family()
print(json.dumps({"format": "golden-1", "seed": 7, "engine": "torch",
                  "engine_version": torch.__version__, "cases": len(cases)}))
for case in cases:
    print(json.dumps(case))
